import type { Command } from 'commander';
import type { Output } from './output.js';
import { type Done, json } from './program-leases.js';
import type { PauseFlags } from './verbs/brakes.js';
import type { UndoFlags } from './verbs/undo.js';

/** `undo`, `pause`, `resume`. */
export function addGuardVerbs(program: Command, output: Output, done: Done): void {
  addUndo(program, output, done);
  addBrakes(program, output, done);
}

function addUndo(program: Command, output: Output, done: Done): void {
  const command = program
    .command('undo')
    .description(
      'Reverse what a closed containment did and what still stands: its own bans, its own hold, nothing else.',
    )
    .argument('<id>', 'name of the host, or the exact workflow id of the containment')
    .option('--yes', 'do it; without, it only shows what it would do')
    .option('--run-id <id>', 'an earlier run of that workflow id (default: the latest)')
    .option('--reason <text>', 'why')
    .option('--wait <duration>', 'wait this long for the end (default: until it ends)');
  json(command).action(async (id: string, flags: UndoFlags) => {
    const { undo } = await import('./verbs/undo.js');
    done(await undo(id, flags, output));
  });
}

function addBrakes(program: Command, output: Output, done: Done): void {
  json(
    program
      .command('pause')
      .description('Start no new containment until it is resumed; what runs goes on, undo too.')
      .option('--reason <text>', 'why; told to everybody who is refused')
      .option('--show', 'only tell whether it is paused, and what counts against the limits'),
  ).action(async (flags: PauseFlags) => {
    const { pause } = await import('./verbs/brakes.js');
    done(await pause(flags, output));
  });
  json(
    program.command('resume').description('Let containments start again.').option('--reason <text>', 'why'),
  ).action(async (flags: { reason?: string }) => {
    const { resume } = await import('./verbs/brakes.js');
    done(await resume(flags, output));
  });
}
