/** What a person must do when a recorded run does not replay any more: `shape` is its file, `why` what the SDK says. */
export function howToPatch(shape: string, why: string): string {
  return `The recorded run ${shape} does not do again what it did: ${why}

Workflow code was changed in a way that runs of that version could not live through: they would stand still after an upgrade.
 1. Find the change in workflows/ (or in what it uses of contract/), and put it behind a patch with a name of its own:
      import { patched } from '@temporalio/workflow';
      if (patched('what-changed-2026-11')) { /* the new way */ } else { /* the old way, as it was */ }
 2. Run this test again: node --import tsx --test test/replay/recorded-runs.test.ts
 3. Record the version to come, the patch in it: node --import tsx test/replay/record.ts
 4. Later, when no run without the patch is open any more: deprecatePatch('what-changed-2026-11') in place of the if, and a
    release after that without it.
Never edit or delete what is recorded. Only where test/replay/manifest.json says "released": null for that version, and you
mean the change, it is recorded anew by the command of step 3. All of it: docs/upgrades.md`;
}
