import { createHash } from 'node:crypto';

export interface SyntheticFile {
  content: Buffer;
  /** Lower-case hex. */
  md5: string;
  sha256: string;
}

const made = new Map<string, SyntheticFile>();

/** The file of this name and size: always the same bytes, so that its MD5 on disk is the MD5 in the index. */
export function syntheticFile(name: string, bytes = 4096): SyntheticFile {
  const key = `${bytes} ${name}`;
  const known = made.get(key);
  if (known) return known;
  const blocks: Buffer[] = [];
  let block = createHash('sha256').update(`cb-response-simulator ${name}`).digest();
  const chunk = Buffer.alloc(8192);
  for (let at = 0; at < bytes; at += chunk.length) {
    for (let i = 0; i < chunk.length; i += block.length) {
      block.copy(chunk, i);
    }
    blocks.push(Buffer.from(chunk.subarray(0, Math.min(chunk.length, bytes - at))));
    block = createHash('sha256').update(block).digest();
  }
  const content = Buffer.concat(blocks);
  if (bytes >= 2) content.write('MZ', 0, 'latin1');
  const file = contentFrom(content);
  made.set(key, file);
  return file;
}

/** Content that nobody here made up. */
export function contentFrom(content: Buffer): SyntheticFile {
  const hash = (algorithm: string): string => createHash(algorithm).update(content).digest('hex');
  return { content, md5: hash('md5'), sha256: hash('sha256') };
}
