import { join } from 'node:path';
import { write } from '../bench/record.js';
import { projectRoot } from '../test/support/worker-process.js';
import type { Proof } from './proof.js';

/** Keeps what each part found in a file of its own, the newest in place of the one before. */
export async function record({ parts, ...run }: Proof): Promise<void> {
  for (const part of parts) {
    await write(
      join(projectRoot, 'proof', 'results', `${part.name}.json`),
      JSON.stringify({ ...run, parts: [part] }),
    );
  }
}
