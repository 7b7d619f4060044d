/** Where a command speaks: answers on stdout, everything else on stderr. With `--json` stdout is one document. */
export class Output {
  private answered = false;

  constructor(readonly json: boolean) {
    // `cb-playbook … | head` closes the pipe early: no reason for a stack trace.
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
      });
    }
  }

  /** The answer: `text` for people, or `document` as the one JSON document. */
  answer(document: unknown, text: string): void {
    if (!this.json) {
      process.stdout.write(`${text}\n`);
      return;
    }
    if (this.answered) return;
    this.answered = true;
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  /** An error: the one JSON document on stdout, or text on stderr. */
  answerError(document: unknown, text: string): void {
    if (this.json) this.answer(document, '');
    else this.note(text);
  }

  /** Progress, hints, warnings. */
  note(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** Whether a moving display makes sense. */
  get live(): boolean {
    const { isTTY, columns } = process.stderr;
    return isTTY === true && (columns ?? 0) >= 40 && !process.env['CI'] && process.env['TERM'] !== 'dumb';
  }
}
