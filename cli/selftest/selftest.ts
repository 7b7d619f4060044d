import { messageOf } from './cb.js';
import { checkContained, checkDeleted, checkNothingLeft, Checks, checkUndone } from './checks.js';
import { type Lab, newLab, type SelftestDeps, type SelftestRequest } from './lab.js';
import { look } from './look.js';
import { putBack } from './put-back.js';
import type { SelftestReceipt, SelftestStepName } from './receipt.js';
import { contain, makeAndStart, undo } from './steps.js';

/** As `cb-playbook selftest` ends, beside 2 (bad input) and 3 (Temporal, worker or server not there). */
export const SELFTEST_EXIT = { passed: 0, failed: 1, notFit: 12, notPutBack: 14 } as const;

/** Names host and changes, and throws unless somebody consents. */
export type Consent = (lab: { hostname: string; sensorId: number; changes: string[] }) => Promise<void>;

/**
 * Contains a marker of its own on a lab host through the playbook, undoes it, and looks at the server before, between and
 * after. Whatever fails, what was made is put back; the receipt says what could not be.
 * @throws before anything is changed: what does not answer, and what `consent` throws.
 */
export async function selftest(
  deps: SelftestDeps,
  request: SelftestRequest,
  consent: Consent,
): Promise<SelftestReceipt> {
  const lab = await newLab(deps, request);
  const began = await time(lab);
  lab.receipt.objections = await look(lab);
  if (lab.receipt.objections.length > 0)
    return await end(lab, SELFTEST_EXIT.notFit, 'The host is not fit for a self-test; nothing was changed.');
  lab.receipt.steps.push({
    step: 'look',
    outcome: 'passed',
    startedAt: began,
    endedAt: await time(lab),
    checks: [],
    why: null,
  });
  await consent({
    hostname: lab.receipt.sensor?.hostname ?? '',
    sensorId: lab.receipt.sensor?.id ?? 0,
    changes: changesOf(lab),
  });
  await deps.save(lab.receipt);
  const host = lab.receipt.sensor?.hostname ?? 'The host';
  if (await steps(lab)) {
    return await end(
      lab,
      SELFTEST_EXIT.passed,
      `${host} was isolated and released, and its marker killed, banned, un-banned and deleted: nothing is left.`,
    );
  }
  deps.note('Putting back what was made …');
  lab.receipt.putBack = await putBack(lab);
  const stands = lab.receipt.putBack.filter((row) => row.outcome === 'failed');
  const failed = lab.receipt.steps.at(-1);
  const why = `${failed?.step ?? 'look'} failed: ${failed?.why ?? ''}`;
  if (stands.length === 0)
    return await end(lab, SELFTEST_EXIT.failed, `${why} Everything that was made is put back.`);
  const what = stands.map((row) => `${row.what} ${row.target}`).join(', ');
  return await end(lab, SELFTEST_EXIT.notPutBack, `${why} NOT PUT BACK: ${what}.`);
}

async function steps(lab: Lab): Promise<boolean> {
  const all: [SelftestStepName, (checks: Checks) => Promise<void>][] = [
    ['make-marker', () => makeAndStart(lab)],
    ['contain', () => contain(lab)],
    ['check-contained', (checks) => checkContained(lab, checks)],
    ['undo', () => undo(lab)],
    ['check-undone', (checks) => checkUndone(lab, checks)],
    ['delete-marker', (checks) => checkDeleted(lab, checks)],
    ['check-nothing-left', (checks) => checkNothingLeft(lab, checks)],
  ];
  for (const [name, work] of all) if (!(await step(lab, name, work))) return false;
  return true;
}

async function step(
  lab: Lab,
  name: SelftestStepName,
  work: (checks: Checks) => Promise<void>,
): Promise<boolean> {
  const startedAt = await time(lab);
  const checks = new Checks();
  let why: string | null = null;
  lab.deps.note(`${name} …`);
  try {
    lab.hand.signal?.throwIfAborted();
    await work(checks);
    checks.settle();
  } catch (error) {
    why =
      lab.hand.signal?.aborted === true ? 'It was interrupted.' : messageOf(error) || 'It does not say why.';
    lab.deps.note(`${name} failed: ${why}`);
  }
  const outcome = why === null ? 'passed' : 'failed';
  lab.receipt.steps.push({
    step: name,
    outcome,
    startedAt,
    endedAt: await time(lab),
    checks: checks.list,
    why,
  });
  await keep(lab);
  return why === null;
}

async function end(lab: Lab, exitCode: number, summary: string): Promise<SelftestReceipt> {
  const verdict = exitCode === SELFTEST_EXIT.passed ? 'passed' : 'failed';
  Object.assign(lab.receipt, { verdict, exitCode, summary, ended: true, endedAt: await time(lab) });
  if (lab.run !== null) {
    lab.receipt.notes.push(
      'What no server forgets: the disabled row of the ban, the closed Live Response sessions, and what the index knows of the marker.',
    );
  }
  await keep(lab);
  return lab.receipt;
}

/** A disk that is full must not keep anything from being put back; the answer has the receipt too. */
async function keep(lab: Lab): Promise<void> {
  try {
    await lab.deps.save(lab.receipt);
  } catch (error) {
    lab.deps.note(`The receipt could not be written: ${messageOf(error)}`);
  }
}

async function time(lab: Lab): Promise<string> {
  return new Date(await lab.deps.clock.now()).toISOString();
}

/** What it will do, for whoever consents. */
function changesOf({ recipe, sensor }: Lab): string[] {
  return [
    `copies ${recipe?.program ?? 'a program'} with bytes of its own behind it to ${recipe?.folder ?? 'a temporary folder'} and starts it`,
    `isolates ${sensor?.computerName ?? 'the host'} from the network for a few minutes, kills that process, and bans its hash (which no other file has)`,
    'then undoes all of it, deletes the file, and looks whether anything is left',
  ];
}
