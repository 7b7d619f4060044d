import { BadInputError } from '../bad-input.js';
import { checkWords } from '../operator-check.js';
import type { Output } from '../output.js';
import { osUser } from '../request.js';
import { leasesText, reconciliationText } from '../text/leases.js';
import { withClient } from '../with-client.js';

export interface LeasesFlags {
  reconcile?: true;
  adopt?: true;
  dryRun?: true;
  reason?: string;
}

/** `cb-playbook leases`: who holds what; with --reconcile also what the server thinks of it. */
export async function leases(flags: LeasesFlags, output: Output): Promise<number> {
  refuseStray(flags);
  if (flags.adopt) checkWords(flags.reason ?? '');
  return await withClient(async (playbook, signal) => {
    if (!flags.reconcile) {
      const found = await playbook.leases();
      if (!found.worker) output.note('No worker polls: these rows are what the leases wrote down last.');
      output.answer(found, leasesText(found.leases));
      return 0;
    }
    const { adopt = false, dryRun = false, reason } = flags;
    const found = await playbook.reconcile({
      adopt,
      dryRun,
      who: osUser(),
      signal,
      ...(reason === undefined ? {} : { reason }),
    });
    output.answer(found, reconciliationText(found));
    return 0;
  });
}

function refuseStray({ reconcile, adopt, dryRun, reason }: LeasesFlags): void {
  const stray = adopt ? '--adopt' : dryRun ? '--dry-run' : null;
  if (stray !== null && !reconcile) {
    throw new BadInputError(
      `${stray} does something only with --reconcile.`,
      `leases --reconcile ${stray}`,
      'Add --reconcile; nothing was changed.',
    );
  }
  if (reason !== undefined && !adopt) {
    throw new BadInputError(
      '--reason is told for a hold, and without --adopt none is taken.',
      'leases --reconcile --adopt --reason TEXT',
      'Add --adopt, or leave --reason away; nothing was changed.',
    );
  }
}
