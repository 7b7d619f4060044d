import type { PlaybookClient } from '../client/playbook-client.js';
import { BadInputError } from './bad-input.js';
import { durationOf } from './duration.js';
import { onInterrupt } from './interrupt.js';

/** One verb on a connection of its own, which is closed whatever happens. Temporal is loaded only here. */
export async function withClient<T>(
  verb: (playbook: PlaybookClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { createPlaybookClient } = await import('../client/playbook-client.js');
  const stop = onInterrupt();
  const playbook = await createPlaybookClient();
  try {
    return await verb(playbook, stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? interrupted() : error;
  } finally {
    stop.dispose();
    await playbook.close();
  }
}

function interrupted(): BadInputError {
  const message = 'Interrupted: what was asked for by then goes on by itself.';
  return new BadInputError(message, null, 'Look: cb-playbook status <host>', 'Detached');
}

/** `--wait 5m`, `--no-wait`, or neither: milliseconds, 0, or what the library thinks right. */
export function waitMsOf(wait: string | boolean | undefined): { waitMs?: number } {
  if (wait === false) return { waitMs: 0 };
  return typeof wait === 'string' ? { waitMs: durationOf('--wait', wait) } : {};
}
