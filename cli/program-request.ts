import { type Command, Option } from 'commander';
import { addPatienceFlags } from './program-leases.js';

/** The flags that make a request: of `contain`, and of `policy explain`, which tells what would come of it. */
export function addRequestFlags(command: Command): void {
  command
    .option('--hostname <name>', 'exact name of one host, short or fully qualified')
    .option('--sensor-id <n>', 'id of one sensor; with --hostname both must agree')
    .option('--process-name <name>', 'base name of the program, e.g. vnc.exe')
    .option('--process-path <path>', 'full path of the program')
    .option('--process-md5 <md5>', 'MD5 of the program')
    .option('--process-guid <guid>', 'one process; several selectors must all match')
    .option('--no-isolate', 'leave the host on the network')
    .option('--no-kill', 'leave processes alone')
    .addOption(
      new Option(
        '--ban-scope <scope>',
        'hashes to ban: of what was killed, of every process of that name, none',
      )
        .choices(['instance', 'name', 'none'])
        .default(undefined, 'instance'),
    )
    .option('--ban-md5 <md5>', 'ban this hash at once; may be repeated', collect)
    .addOption(
      new Option('--on-failure <policy>', 'what to undo when a step cannot be carried out')
        .choices(['auto', 'release', 'keep', 'ask'])
        .default(undefined, 'auto'),
    )
    .option(
      '--lease <duration>',
      'end of the isolation, e.g. 4h, counted from the end of a run that ends contained (default: until released)',
    )
    .addOption(
      new Option(
        '--evidence <kind>',
        'take before the first kill: a copy of each binary, a memory dump on the host',
      )
        .choices(['none', 'file', 'memory'])
        .default(undefined, 'none'),
    )
    .option('--reason <text>', 'why')
    .option('--case <id>', "a ticket's id");
  addPatienceFlags(command);
}

/** For a flag that may be given several times. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
