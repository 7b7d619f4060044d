import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { CbError } from './errors.js';
import { errorFromNetwork, timeOutError } from './network-error.js';

interface StreamedCall {
  method: string;
  path: string;
  signal?: AbortSignal;
}

/**
 * A body that fails with CbError when it breaks off or when nothing comes for `idleMs`, and with the signal's reason when
 * that is aborted. Destroying it ends the download.
 */
export function boundedStream(source: Readable, call: StreamedCall, idleMs: number): Readable {
  const out = new PassThrough();
  const fail = (reason: Error): void => {
    out.destroy(reason);
    source.destroy();
  };
  const timer = setTimeout(() => {
    // A slow reader is not a silent server.
    if (out.writableNeedDrain) timer.refresh();
    else fail(timeOutError(call, idleMs));
  }, idleMs);
  const onAbort = (): void => fail(asError(call.signal?.reason));

  source.on('data', () => timer.refresh());
  source.on('error', (e) => fail(e instanceof CbError ? e : errorFromNetwork(e, call)));
  source.on('close', () => {
    if (!source.readableEnded) fail(errorFromNetwork(undefined, call));
  });
  out.on('drain', () => timer.refresh());
  out.on('finish', () => clearTimeout(timer));
  out.on('close', () => {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', onAbort);
    source.destroy();
  });
  call.signal?.addEventListener('abort', onAbort, { once: true });
  if (call.signal?.aborted === true) onAbort();
  source.pipe(out);
  return out;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
