import { closeSync, openSync, readSync } from 'node:fs';

/**
 * The text of a file (or pipe), UTF-8; `null` where it has more than `mostBytes`, of which no more is read then: a device
 * or a disk image that was named by accident has no end. Throws what the file system throws.
 */
export function readText(file: string, mostBytes: number): string | null {
  const handle = openSync(file, 'r');
  try {
    const parts: Buffer[] = [];
    for (let length = 0; length <= mostBytes; length += parts.at(-1)?.length ?? 0) {
      const part = Buffer.allocUnsafe(65_536);
      const read = readSync(handle, part);
      if (read === 0) return Buffer.concat(parts).toString('utf8');
      parts.push(part.subarray(0, read));
    }
    return null;
  } finally {
    closeSync(handle);
  }
}
