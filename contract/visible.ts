/**
 * A text with what cannot be seen, moves a cursor or turns letters around shown as an escape: an answer must not repeat it
 * to a terminal as it is.
 */
export function visible(text: string): string {
  return text.replace(/\p{C}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
