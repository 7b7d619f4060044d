import { type Command, Option } from 'commander';
import type { Output } from './output.js';
import type { DecideFlags } from './verbs/decide.js';
import type { ExtendFlags } from './verbs/extend.js';
import type { IsolateFlags } from './verbs/isolate.js';
import type { LeasesFlags } from './verbs/leases.js';
import type { ReleaseFlags } from './verbs/release.js';

/** The result of a verb: its exit code. */
export type Done = (exitCode: number) => void;

const HOST = 'exact name of one host, sensor-<id>, or isolation/<id>';

export const json = (command: Command): Command =>
  command.option('--json', 'print exactly one JSON document on stdout, errors too');

/** Flags of `contain` on what waits for people, for an offline host, and for others who change the wish. */
export function addPatienceFlags(command: Command): void {
  command
    .option('--ask-timeout <duration>', 'with --on-failure ask: wait this long for an answer (default: 1h)')
    .addOption(choice('--ask-default <policy>', 'what is done when nobody answers', DECISIONS, 'auto'))
    .addOption(
      choice('--offline <policy>', 'for a host that is offline', ['wait', 'fail', 'isolate-only'], 'wait'),
    )
    .option('--offline-for <duration>', 'wait this long for it (default: 72h)')
    .addOption(
      choice(
        '--offline-wish <when>',
        'isolate it at its first check-in, or only once it is back',
        ['now', 'withhold'],
        'now',
      ),
    )
    .addOption(
      choice(
        '--offline-expire <policy>',
        'when it did not come back: the wish stands under its lease, or is withdrawn',
        ['keep', 'withdraw'],
        'keep',
      ),
    )
    .addOption(
      choice(
        '--on-drift <policy>',
        'when somebody else withdraws the isolation: tell people, or write it once more and tell',
        ['tell', 'reassert'],
        'tell',
      ),
    );
}

const DECISIONS = ['auto', 'release', 'keep'];

function choice(flags: string, description: string, choices: string[], standard: string): Option {
  return new Option(flags, `${description} (default: ${standard})`).choices(choices);
}

/** `isolate`, `release`, `extend`, `leases`, `decide`. */
export function addLeaseVerbs(program: Command, output: Output, done: Done): void {
  addIsolate(program, output, done);
  addRelease(program, output, done);
  addExtend(program, output, done);
  addLeases(program, output, done);
  addDecide(program, output, done);
}

function addIsolate(program: Command, output: Output, done: Done): void {
  const command = program
    .command('isolate')
    .description('Isolate a host by a hold of your own, and kill nothing. Exits 0 once its sensor confirms.')
    .argument('<host>', HOST)
    .requiredOption('--reason <text>', 'why; told to whoever asks')
    .option('--lease <duration>', 'end of your hold, counted from now, e.g. 4h (default: until released)')
    .addOption(
      choice(
        '--on-drift <policy>',
        'when somebody else withdraws the isolation',
        ['tell', 'reassert'],
        'tell',
      ),
    )
    .option('--wait <duration>', 'wait this long for the sensor (default: 5m; an offline host: not at all)')
    .option('--no-wait', 'return once the isolation is asked for');
  json(command).action(async (host: string, flags: IsolateFlags) => {
    const { isolate } = await import('./verbs/isolate.js');
    done(await isolate(host, flags, output));
  });
}

function addRelease(program: Command, output: Output, done: Done): void {
  const command = program
    .command('release')
    .description(
      'End the holds of ended runs and of people, and see the host released. Exits 10 while others hold it.',
    )
    .argument('<host>', HOST)
    .requiredOption('--reason <text>', 'why; told to whoever asks')
    .option('--all-holds', "end running containments' holds too")
    .option('--wait <duration>', 'wait this long for the sensor (default: 5m; an offline host: not at all)')
    .option('--no-wait', 'return once the release is asked for');
  json(command).action(async (host: string, flags: ReleaseFlags) => {
    const { release } = await import('./verbs/release.js');
    done(await release(host, flags, output));
  });
}

function addExtend(program: Command, output: Output, done: Done): void {
  const command = program
    .command('extend')
    .description('Set the end of a hold, counted from now.')
    .argument('<host>', HOST)
    .argument('<duration>', 'e.g. 2h, or until-released')
    .option('--hold <id>', 'which hold, where there are several');
  json(command).action(async (host: string, duration: string, flags: ExtendFlags) => {
    const { extend } = await import('./verbs/extend.js');
    done(await extend(host, duration, flags, output));
  });
}

function addLeases(program: Command, output: Output, done: Done): void {
  const command = program
    .command('leases')
    .description('Who holds which host isolated, until when, wish and fact. Needs no worker.')
    .option('--reconcile', "compare the server's isolated sensors with the leases; take up what is ours")
    .option('--adopt', 'with --reconcile: take over what others isolated, as a hold of yours')
    .option('--dry-run', 'with --reconcile: only look')
    .option('--reason <text>', 'with --adopt: why');
  json(command).action(async (flags: LeasesFlags) => {
    const { leases } = await import('./verbs/leases.js');
    done(await leases(flags, output));
  });
}

function addDecide(program: Command, output: Output, done: Done): void {
  const command = program
    .command('decide')
    .description('Answer a containment that asks what to do (--on-failure ask).')
    .argument('<id>', 'name of the host, or the exact workflow id of the containment')
    .addOption(new Option('--keep', 'undo nothing').conflicts(['release', 'auto']))
    .addOption(new Option('--release', 'undo everything this run did').conflicts('auto'))
    .option('--auto', 'undo, unless a match may be alive')
    .requiredOption('--reason <text>', 'why; told to whoever asks');
  json(command).action(async (id: string, flags: DecideFlags) => {
    const { decide } = await import('./verbs/decide.js');
    done(await decide(id, flags, output));
  });
}
