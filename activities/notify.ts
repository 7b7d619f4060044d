import type { Context } from '@temporalio/activity';
import type { PlaybookEvent } from '../contract/index.js';
import type { Deps } from './deps.js';
import { failure } from './failure.js';

const TIMEOUT_MS = 10_000;

/**
 * POSTs one event to the worker's receiver. The URL is a secret to many chat tools: it is in no error and no history, its
 * host at most. A 4xx other than 408 and 429 is final: the same body will not do better.
 */
export async function notify(deps: Deps, context: Context, event: PlaybookEvent): Promise<{ told: boolean }> {
  if (deps.notify === null) return { told: false };
  const { url } = deps.notify;
  const host = new URL(url).host;
  let status: number;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
      redirect: 'manual',
      signal: AbortSignal.any([context.cancellationSignal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    status = answer.status;
    await answer.body?.cancel();
  } catch (err) {
    context.cancellationSignal.throwIfAborted();
    const why = err instanceof Error && err.name === 'TimeoutError' ? 'no answer in 10 s' : 'no connection';
    throw failure('ServerUnavailable', `The receiver of notifications at ${host}: ${why}.`);
  }
  if (status >= 200 && status < 300) return { told: true };
  const final = status >= 300 && status < 500 && status !== 408 && status !== 429;
  throw failure(
    final ? 'Refused' : 'ServerUnavailable',
    `The receiver of notifications at ${host} answered ${status}.`,
  );
}
