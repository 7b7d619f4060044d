import { seeded } from '../../bench/measure/seeded.js';

/** What is drawn for one case: the same for the same seed and name, whichever other cases run. */
export class Draw {
  private readonly next: () => number;

  constructor(seed: number, name: string) {
    let mixed = seed;
    for (const character of name) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193) >>> 0;
    this.next = seeded(mixed);
  }

  /** From `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(from: readonly T[]): T {
    return from[this.int(0, from.length - 1)] as T;
  }

  text(length: number, alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'): string {
    return Array.from({ length }, () => alphabet.charAt(this.int(0, alphabet.length - 1))).join('');
  }

  hex(length: number): string {
    return this.text(length, '0123456789abcdef');
  }

  /** The text with something put into it at a random place. */
  inserted(text: string, what: string): string {
    const at = this.int(1, Math.max(1, text.length - 1));
    return text.slice(0, at) + what + text.slice(at);
  }

  /** Letters that look like others. */
  lookAlike(text: string): string {
    const alike: Record<string, string> = { a: 'а', c: 'с', e: 'е', i: 'і', o: 'о', p: 'р', x: 'х' };
    const changed = text.replace(/[aceiopx]/, (letter) => alike[letter] ?? letter);
    return changed === text ? `${text}\u0430` : changed;
  }
}
