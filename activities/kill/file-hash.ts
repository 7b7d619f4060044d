import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isCbError } from '../../cb-response/index.js';
import { runCommand, SessionGone } from './commands.js';
import { StepDeadline, type KillRun } from './kill-run.js';

/**
 * MD5 of a file on the host, upper case, through the open session: hashed as it streams, nothing is kept here and the
 * server's copy is deleted. `null` where it cannot be had; then the index is waited for.
 */
export async function hashOnDisk(run: KillRun, path: string): Promise<string | null> {
  const { liveResponse } = run.deps.cb;
  try {
    const command = await runCommand(run, { name: 'get file', object: path });
    if (command.status !== 'complete' || command.fileId === null) return null;
    try {
      return await md5Of(
        await liveResponse.fileContent(command.sessionId, command.fileId, { signal: run.signal }),
      );
    } finally {
      await liveResponse.deleteFile(command.sessionId, command.fileId).catch(() => undefined);
    }
  } catch (err) {
    if (err instanceof SessionGone || err instanceof StepDeadline) return null;
    if (isCbError(err) && !isCbError(err, 'unauthorized')) return null;
    throw err;
  }
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
