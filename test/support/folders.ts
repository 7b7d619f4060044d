import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new empty folder that goes when the test process ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cb-playbook-test-'));
  if (made.push(folder) === 1) {
    process.on('exit', () => {
      for (const path of made) rmSync(path, { recursive: true, force: true });
    });
  }
  return folder;
}
