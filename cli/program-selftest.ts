import type { Command } from 'commander';
import type { Output } from './output.js';
import { type Done, json } from './program-leases.js';
import type { SelftestFlags } from './verbs/selftest.js';

const EXITS = `
Exits: 0 all passed · 1 a check failed, and what was made is put back · 12 the host is not fit for it, nothing was changed ·
14 something could not be put back, the receipt says what to do by hand · 2 bad input · 3 Temporal, worker or server not there.
Ctrl-C puts back what was made. Use a host that may be cut off for some minutes: docs/selftest.md.`;

/** `selftest`. */
export function addSelftest(program: Command, output: Output, done: Done): void {
  const command = program
    .command('selftest')
    .description(
      'Prove it on a real server: isolate a lab host, kill and ban a marker of its own, undo all of it, look that nothing is left.',
    )
    .option('--hostname <name>', 'the lab host')
    .option('--sensor-id <n>', 'its sensor, where a name is not enough')
    .option('--profile <name>', 'profile of credentials.response; the environment goes first')
    .option('--yes', 'do it; without, the name of the host must be typed on a terminal')
    .option('--out <file>', 'the receipt (default: cb-playbook-selftest-<host>-<time>.json, here)')
    .option('--reason <text>', 'why; told to whoever asks meanwhile')
    .option('--program <path>', 'what the marker is made of (default: ping.exe, or sleep)')
    .option('--arguments <text>', 'with --program: what makes it run for an hour')
    .option('--folder <path>', 'where the marker is put (default: the temporary folder)')
    .addHelpText('after', EXITS);
  json(command).action(async (flags: SelftestFlags) => {
    const { selftest } = await import('./verbs/selftest.js');
    done(await selftest(flags, output));
  });
}
