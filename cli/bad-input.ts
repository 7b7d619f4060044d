/** What a person typed cannot be used. Nothing was started. Has the shape that every error of ours has. */
export class BadInputError extends Error {
  override readonly name = 'BadInputError';
  constructor(
    message: string,
    readonly expected: string | null,
    readonly next: string | null,
    readonly code = 'BadInput',
  ) {
    super(message);
  }
}
