import { type Command, Option } from 'commander';
import type { Output } from './output.js';
import { type Done, json } from './program-leases.js';
import type { ApproveFlags, DenyFlags } from './verbs/approve.js';

const ID = 'name of the host, or the exact workflow id of the containment';

/** Flags of `contain` on what is shown and asked before anything is done. */
export function addApprovalFlags(command: Command): void {
  command
    .option('--dry-run', 'show what would be done, and do nothing')
    .addOption(new Option('--require-approval', 'the same as --approval before-kill').conflicts('approval'))
    .addOption(
      new Option(
        '--approval <what>',
        'what waits for approve or deny: kill and ban, the isolation too, or nothing but what the policy says (default: none)',
      ).choices(['none', 'before-kill', 'before-all']),
    )
    .option(
      '--approval-timeout <duration>',
      "without an answer by then nothing is done (default: the policy's, 4h)",
    );
}

/** `approve`, `deny`. */
export function addApprovalVerbs(program: Command, output: Output, done: Done): void {
  json(
    program
      .command('approve')
      .description('Approve the plan that a containment shows: it goes on exactly as planned.')
      .argument('<id>', ID)
      .requiredOption('--digest <digest>', 'digest of the plan that you have looked at (status shows it)')
      .option('--reason <text>', 'why; stands in the receipt'),
  ).action(async (id: string, flags: ApproveFlags) => {
    const { approve } = await import('./verbs/approve.js');
    done(await approve(id, flags, output));
  });
  json(
    program
      .command('deny')
      .description('Deny the plan that a containment shows: nothing of it is done.')
      .argument('<id>', ID)
      .requiredOption('--reason <text>', 'why; stands in the receipt'),
  ).action(async (id: string, flags: DenyFlags) => {
    const { deny } = await import('./verbs/approve.js');
    done(await deny(id, flags, output));
  });
}
