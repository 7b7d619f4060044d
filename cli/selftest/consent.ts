import { createInterface } from 'node:readline/promises';
import { BadInputError } from '../bad-input.js';
import type { Output } from '../output.js';
import type { Consent } from './selftest.js';

/** Nothing is changed unless `--yes` was given, or the name of the host is typed on a terminal. */
export function consentOf(output: Output, yes: boolean, signal: AbortSignal): Consent {
  return async ({ hostname, sensorId, changes }) => {
    output.note(`The self-test of ${hostname} (sensor ${sensorId}):`);
    for (const change of changes) output.note(`  - ${change}`);
    if (yes) return;
    const typed = process.stdin.isTTY && process.stderr.isTTY ? await typedName(hostname, signal) : null;
    if (typed?.trim().toLowerCase() === hostname.toLowerCase()) return;
    throw new BadInputError(
      typed === null
        ? `The self-test of ${hostname} was not consented to: nothing was changed.`
        : `${JSON.stringify(typed.trim())} is not ${hostname}: nothing was changed.`,
      '--yes, or the name of the host typed on a terminal.',
      `Use a host that may be cut off for some minutes, then: cb-playbook selftest --hostname ${hostname} --yes`,
    );
  };
}

async function typedName(hostname: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`Type ${hostname} to go on: `, { signal });
  } catch {
    return '';
  } finally {
    terminal.close();
  }
}
