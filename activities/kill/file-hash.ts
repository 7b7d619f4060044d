import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApplicationFailure } from '@temporalio/common';
import { isCbError, type LiveCommand } from '../../cb-response/index.js';
import { FAILURES } from '../../contract/index.js';
import { failure, failureTypeOf } from '../failure.js';
import { runCommand, SessionGone } from './commands.js';
import type { KillRun } from './kill-run.js';

/**
 * MD5 of a file on the host, upper case, through the open session: hashed as it streams, nothing is kept here and the
 * server's copy is deleted. `null` only where the host or the server says that it cannot be read. What may pass is thrown:
 * `SessionGone`, a `CbError` that is not final, a `StepDeadline`; so are 401 and 412, which end the step.
 */
export async function hashOnDisk(run: KillRun, path: string): Promise<string | null> {
  const { liveResponse } = run.deps.cb;
  try {
    const command = await runCommand(run, { name: 'get file', object: path });
    if (!wasRead(command, path)) return null;
    const { sessionId, fileId } = command;
    try {
      return await md5Of(await liveResponse.fileContent(sessionId, fileId, { signal: run.signal }));
    } finally {
      await liveResponse.deleteFile(sessionId, fileId).catch(() => undefined);
    }
  } catch (err) {
    if (isCbError(err, 'not-found', 'conflict', 'refused', 'forbidden')) return null;
    throw err;
  }
}

/** A fault that another try may not meet: it says nothing of the file. */
export function mayPass(err: unknown): err is Error {
  if (err instanceof SessionGone) return true;
  if (err instanceof ApplicationFailure) return err.type === 'ServerUnavailable';
  return isCbError(err) && !FAILURES[failureTypeOf(err)].final;
}

function wasRead(command: LiveCommand, path: string): command is LiveCommand & { fileId: number } {
  if (command.status === 'complete') return command.fileId !== null;
  if (command.status === 'error') return false;
  // Cancelled by somebody, or a word that this API does not know.
  throw failure('ServerUnavailable', `Reading ${path} ended ${command.status}; trying again.`);
}

async function md5Of(content: Readable): Promise<string | null> {
  const hash = createHash('md5');
  let bytes = 0;
  await pipeline(content, async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      hash.update(chunk);
    }
  });
  return bytes === 0 ? null : hash.digest('hex').toUpperCase();
}
