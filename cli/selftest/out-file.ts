import { rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hostForm } from '../../contract/index.js';
import { BadInputError } from '../bad-input.js';
import type { SelftestReceipt } from './receipt.js';

export interface OutFile {
  path: string;
  save(receipt: SelftestReceipt): Promise<void>;
}

/** The receipt's file, never half written. Default: `cb-playbook-selftest-<host>-<time>.json` in the current folder. */
export function outFileOf(given: string | undefined, host: string, now: Date): OutFile {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const name = `cb-playbook-selftest-${hostForm(host).replace(/[^a-z0-9._-]/g, '_')}-${time}.json`;
  const path = resolve(given ?? name);
  return {
    path,
    save: async (receipt) => {
      await writeFile(`${path}.new`, `${JSON.stringify(receipt, null, 2)}\n`);
      await rename(`${path}.new`, path);
    },
  };
}

/** @throws {@link BadInputError} where nothing can be written there: to be known before anything is changed. */
export async function requireWritable({ path }: OutFile): Promise<void> {
  try {
    await writeFile(path, '', { flag: 'a' });
  } catch (error) {
    throw new BadInputError(
      `The receipt cannot be written to ${path}: ${error instanceof Error ? error.message : String(error)}`,
      'A file in a folder that may be written to.',
      'Give another one: --out FILE; nothing was changed.',
    );
  }
}
