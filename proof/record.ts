import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { write } from '../bench/record.js';
import { projectRoot } from '../test/support/worker-process.js';
import { plots, withTable } from './page.js';
import type { Proof } from './proof.js';

/** Keeps what each part found in a file of its own, the newest in place of the one before, and makes the pages anew. */
export async function record({ parts, ...run }: Proof): Promise<void> {
  for (const part of parts) {
    await write(
      join(projectRoot, 'proof', 'results', `${part.name}.json`),
      JSON.stringify({ ...run, parts: [part] }),
    );
  }
  await writePages();
}

/** Tables and plots of what is recorded. */
export async function writePages(): Promise<void> {
  for (const page of ['docs/proof.md', 'README.md']) {
    const path = join(projectRoot, page);
    await write(path, withTable(page, readFileSync(path, 'utf8')));
  }
  for (const [name, svg] of Object.entries(plots())) {
    const path = join(projectRoot, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, svg);
  }
}
