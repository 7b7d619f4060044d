import type { WorkflowHandle } from '@temporalio/client';
import { secretFinder } from '../scripts/find-secret.mjs';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/**
 * Looks for secrets in a history, in its protobuf bytes and in its JSON: payloads, memo, failures, identities, all of it.
 * Says where, or `null`.
 */
export function secretInHistory(history: History, secrets: readonly string[]): string | null {
  const find = secretFinder(secrets);
  const json = JSON.stringify(history);
  for (const [what, given] of [
    ['protobuf', encode(history)],
    ['JSON', json],
  ] as const) {
    const found = find(given);
    if (found !== null) return `${what}, ${found.form}: …${found.around}…`;
  }
  return null;
}

/** As the server sent it. The class of the message can, and its package is none of ours. */
function encode(history: History): Uint8Array {
  const message = history.constructor as unknown as { encode(of: History): { finish(): Uint8Array } };
  return message.encode(history).finish();
}
