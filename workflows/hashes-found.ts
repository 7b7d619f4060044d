import { baseName, type HashesByNameResult, type ProcessReport } from '../contract/index.js';
import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { orNotMet } from './failure.js';
import { now } from './time.js';
import { DEADLINES, longRead, lookEvery, slowFact } from './timing.js';

/** Waits durably for the hashes that the index does not have yet. */
export async function awaitHashes(run: Containment, found: ProcessReport[]): Promise<void> {
  const waits = await Promise.allSettled(found.map((p) => hashOf(run, p)));
  for (const wait of waits) if (wait.status === 'rejected') throw wait.reason as Error;
}

async function hashOf(run: Containment, process: ProcessReport): Promise<void> {
  if (process.md5 !== null) return;
  const deadline = now() + DEADLINES.hashIndexed;
  const what = `the hash of ${process.path} in the index`;
  run.waitingFor.set(what, deadline);
  try {
    const found = await orNotMet(run, 'ban', { md5: null, by: null, at: deadline }, () =>
      activity(
        'awaitHash',
        slowFact(deadline, now()),
        `Until ${baseName(process.path)} (pid ${process.pid}) on ${run.host} is indexed`,
        {
          target: run.target,
          guid: process.guid,
          path: process.path,
          deadline,
          everyMs: lookEvery(run.checkin),
        },
      ),
    );
    if (found.md5 === null) {
      run.hashUnknown.add(process.guid);
      run.deadlinePassed(what, deadline);
      return;
    }
    process.md5 = found.md5;
    process.hashSource = 'index';
    if (found.by === 'path')
      run.note(`The hash of ${process.guid} is that of another start of the same path.`);
    run.processes.set(process.guid, process);
  } finally {
    run.waitingFor.delete(what);
  }
}

/** Every MD5 seen under a process name on any host; those of protected processes too, which are then refused by name. */
export async function hashesUnder(run: Containment, name: string): Promise<string[]> {
  const found = await activity('hashesByName', longRead, `Every hash seen under ${name} (${run.host})`, {
    target: run.target,
    name,
    protectedProcesses: run.guard.policy.protectedProcesses,
  });
  if (found.incomplete)
    run.note(`The search for hashes under ${name} came back incomplete: there may be more.`);
  // Results in the histories of older versions have none.
  const { protectedMd5s = [] } = found as Partial<HashesByNameResult>;
  for (const md5 of protectedMd5s) run.protectedMd5s.add(md5);
  return [...found.md5s, ...protectedMd5s];
}
