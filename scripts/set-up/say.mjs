/** One line of progress. Everything set-up says goes to stderr: stdout belongs to the command it hangs on. */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}

/** A failure that a person can act on: printed as it stands, without a stack. */
export class SetUpError extends Error {}

/** The last lines of a program's output, for a failure's message. */
export function tail(text, lines = 15) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
