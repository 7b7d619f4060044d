export interface StartErrorFields {
  /** Stable and machine-readable, e.g. `wrong-token`. */
  code: string;
  message: string;
  expected: string;
  /** What a person does next. */
  next: string;
}

/** The worker refuses to start. Nothing was polled, nothing was changed; a command line exits with `exitCode`. */
export class WorkerStartError extends Error {
  override readonly name = 'WorkerStartError';
  readonly exitCode = 2;
  readonly code: string;
  readonly expected: string;
  readonly next: string;

  constructor(f: StartErrorFields) {
    super(f.message);
    this.code = f.code;
    this.expected = f.expected;
    this.next = f.next;
  }
}
