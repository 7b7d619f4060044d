import { BadInputError } from '../bad-input.js';
import { cbKind, messageOf } from './cb.js';

/** The Cb server does not answer, or not as one. Nothing was changed. Exit 3. */
class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code = 'ServerUnavailable';
  readonly expected = 'A Carbon Black Response server that answers.';
  readonly next = 'Check it: cb-playbook doctor.';
}

/** What stopped the self-test before it changed anything, in the words and with the exit code of the command line. */
export function beforeAnyChange(error: unknown): unknown {
  if (error instanceof Error && error.name === 'CbConfigError') {
    return new BadInputError(
      messageOf(error),
      'CBAPI_URL and CBAPI_TOKEN, or --profile NAME of a credentials.response.',
      'docs/configuration.md lists every setting.',
    );
  }
  const kind = cbKind(error);
  if (kind === null) return error;
  if (kind === 'unauthorized' || kind === 'forbidden') {
    return new BadInputError(
      messageOf(error),
      'A token whose user may isolate, ban and use Live Response.',
      'Check it: cb-playbook doctor.',
    );
  }
  return new ServerError(messageOf(error));
}
