import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { baseName, type EvidenceReport } from '../../contract/index.js';
import { runCommand } from './commands.js';
import type { KillRun } from './kill-run.js';

/** Where a piece of evidence lies, and what it is. */
export type Taken = Pick<EvidenceReport, 'where' | 'md5' | 'bytes'>;

/** Larger binaries are not copied: the disk is the worker's, the file the intruder's. In bytes. */
const MOST_BYTES = 512 * 1024 * 1024;
const LONGEST_NAME = 100;

/**
 * Copies a file of the host through the open session to `<evidenceDir>/<server>/<sensorId>/<md5>-<base name>`, mode 0600,
 * never executable. Its bytes go from the server to the disk and nowhere else. The server's own copy is deleted.
 */
export async function copyFile(run: KillRun, path: string, until: number): Promise<Taken> {
  const { liveResponse } = run.deps.cb;
  const command = await runCommand(run, { name: 'get file', object: path }, undefined, until);
  const { fileId, sessionId } = command;
  if (command.status !== 'complete' || fileId === null) {
    const { status, resultType, resultCode } = command;
    throw new Error(`The host answered with ${status}, ${resultType ?? 'code'} ${resultCode}.`);
  }
  try {
    const leftMs = Math.max(1, until - (await run.now()));
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(leftMs)]);
    return await keep(run, path, await liveResponse.fileContent(sessionId, fileId, { signal }), signal);
  } finally {
    await liveResponse.deleteFile(sessionId, fileId).catch(() => undefined);
  }
}

async function keep(run: KillRun, path: string, content: Readable, signal: AbortSignal): Promise<Taken> {
  const { server, sensorId } = run.input.target;
  const folder = join(run.deps.evidenceDir ?? '', safeName(server), String(sensorId));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, `.partial-${randomUUID()}`);
  try {
    const { md5, bytes } = await write(content, partial, signal);
    const file = join(folder, `${md5}-${safeName(baseName(path))}`);
    await rename(partial, file);
    // Which of several workers has it is otherwise anybody's guess.
    return { where: `${hostname()}:${file}`, md5, bytes };
  } finally {
    await rm(partial, { force: true });
  }
}

async function write(
  content: Readable,
  file: string,
  signal: AbortSignal,
): Promise<{ md5: string; bytes: number }> {
  const hash = createHash('md5');
  let bytes = 0;
  await pipeline(
    content,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) throw new RangeError(`The file is larger than ${MOST_BYTES} bytes.`);
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file, { flags: 'wx', mode: 0o600 }),
    { signal },
  );
  if (bytes === 0) throw new RangeError('The server sent an empty file.');
  return { md5: hash.digest('hex').toUpperCase(), bytes };
}

/** A name that is one file name on every system, whatever the host calls it: no separators, no dot in front. */
function safeName(name: string): string {
  const safe = name
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(-LONGEST_NAME);
  return safe === '' ? '_' : safe;
}
