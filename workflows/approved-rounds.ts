import { condition } from '@temporalio/workflow';
import type { EnumerateAndKillResult, KillEnd, Plan } from '../contract/index.js';
import { run as activity } from './activities.js';
import { askForApproval } from './approval.js';
import { whyAsk } from './approval-rules.js';
import type { Answer } from './approval-state.js';
import { banApproved, noteLateHashes, refuseBans } from './approved-bans.js';
import type { Containment } from './containment.js';
import { planOf, type Work } from './plan-of.js';
import { hashesUnder } from './hashes-found.js';
import { goThere, requireNoProblem, takeUnmatched } from './step-kill.js';
import { iso, now } from './time.js';
import { lastRead } from './timing.js';

/** So often a plan that needs no person is made anew where the world keeps changing; then it is given up. */
const MOST_UNASKED = 5;

/** So often people are asked about one piece of work where the world keeps changing between their yes and the kill. */
const MOST_ASKED = 10;

export interface Surround {
  /** Runs one part of a step; keeps its failure to itself where the failure policy goes on. */
  guarded: (name: string, work: () => Promise<void>) => Promise<void>;
  wishPlaced: () => boolean;
}

/**
 * Kill and ban where a person, or a rule of the policy, stands between plan and apply: each round of work is planned, shown,
 * and carried out only as far as it was approved. Ends when every work list is drained.
 */
export async function approvedRounds(run: Containment, o: Surround): Promise<void> {
  const { approval } = run;
  try {
    // The wish first where it need not wait: no look warns the intruder before it stands.
    await condition(() => isSettled(run, o));
    while (hasWork(run)) await round(run, await takeWork(run), o);
  } finally {
    if (approval.isolation === 'waits') approval.isolation = 'refused';
  }
}

export function hasWork(run: Containment): boolean {
  return (
    run.selectors.pending.length > 0 ||
    run.toBan.pending.length > 0 ||
    run.toBan.late.length > 0 ||
    run.hasMoreToBan ||
    (run.approval.isolation === 'waits' && !run.approval.isolationDenied)
  );
}

/** Whether nothing that comes next must wait for the wish: it stands, or is not to stand yet. */
function isSettled(run: Containment, o: Surround): boolean {
  const { isolation } = run.approval;
  return !run.wanted.isolate || o.wishPlaced() || isolation === 'waits' || isolation === 'refused';
}

/** Takes what is to be done off the work lists. */
export async function takeWork(run: Containment): Promise<Work> {
  const work: Work = { selectors: run.selectors.pending.splice(0), hashes: new Map(), seen: new Set() };
  for (const md5 of run.toBan.pending.splice(0)) work.hashes.set(md5, null);
  for (const { md5, guid } of run.toBan.late.splice(0)) work.hashes.set(md5, guid);
  for (const { md5, guid } of run.takeInstancesToBan()) if (md5 !== null) work.hashes.set(md5, guid);
  for (const name of run.takeNamesToBan())
    for (const md5 of await hashesUnder(run, name)) if (!work.hashes.has(md5)) work.hashes.set(md5, null);
  return work;
}

async function round(run: Containment, work: Work, o: Surround): Promise<void> {
  const { approval } = run;
  for (let tries = 1; ; tries += 1) {
    const found = await look(run, work, o);
    const isolates = approval.isolation === 'waits';
    const plan = await planOf(run, work, found);
    const because = whyAsk(run, plan);
    const answer = because.length === 0 ? null : await askForApproval(run, plan, because);
    if (answer === null) noteNotNeeded(run, plan);
    else if (!answer.approved) return refuse(run, work, { plan, found, answer });
    else if (!(await isStillThere(run, o))) {
      return leave(run, work, { plan, found }, 'Approved, but the sensor was not found as it was: not done.');
    }
    if (isolates) approval.isolation = 'approved';
    // A wish that a join asked for meanwhile waits for a plan of its own.
    await condition(() => isSettled(run, o));
    const end = await apply(run, work, { plan, found, wasAsked: answer !== null }, o);
    const most = answer === null ? MOST_UNASKED : MOST_ASKED;
    if (end === 'changed' && tries < most) continue;
    if (end === 'changed')
      run.note(`What runs on ${run.host} changed with every look: given up after ${tries} plans.`);
    await o.guarded('ban', () => banApproved(run, plan, work));
    await o.guarded('ban', () => noteLateHashes(run));
    return;
  }
}

/** A sensor that was registered anew while a person was waited for is another host (hazard H16): nothing was approved for it. */
async function isStillThere(run: Containment, o: Surround): Promise<boolean> {
  const read = { done: false };
  await o.guarded('approval', async () => {
    await activity('readHostState', lastRead, `Is ${run.host} still the same?`, {
      target: run.target,
      holdId: null,
    });
    read.done = true;
  });
  return read.done;
}

/** The list that a plan is made of; `null` where there is nothing to look for, or it never came. */
async function look(run: Containment, work: Work, o: Surround): Promise<EnumerateAndKillResult | null> {
  const seen: { result: EnumerateAndKillResult | null } = { result: null };
  if (work.selectors.length === 0) return null;
  await o.guarded('enumerate-and-kill', async () => {
    seen.result = await goThere(run, work.selectors, { mode: 'plan', approved: null });
    takeSeen(run, work, seen.result);
    requireNoProblem(seen.result);
  });
  return seen.result;
}

/** Kills what the plan named, if the world still is as the plan said. */
async function apply(
  run: Containment,
  work: Work,
  { plan, found, wasAsked }: { plan: Plan; found: EnumerateAndKillResult | null; wasAsked: boolean },
  o: Surround,
): Promise<KillEnd | null> {
  if (found === null) return null;
  const targets = plan.processes.filter((p) => p.outcome === 'unknown');
  // While a person was waited for, something may have started: a fresh list decides. Otherwise this one is fresh.
  if (targets.length === 0 && !wasAsked) {
    takeUnmatched(run, found);
    return found.end;
  }
  const done: { result: EnumerateAndKillResult | null } = { result: null };
  await o.guarded('enumerate-and-kill', async () => {
    const approved = targets.map(({ path, md5 }) => ({ path, md5 }));
    done.result = await goThere(run, work.selectors, { mode: 'kill', approved });
    takeSeen(run, work, done.result);
    if (done.result === null || done.result.end === 'changed') return;
    takeUnmatched(run, done.result);
    requireNoProblem(done.result);
  });
  return done.result?.end ?? null;
}

/** What an earlier list showed and a later whole one does not is gone by itself. */
function takeSeen(run: Containment, work: Work, result: EnumerateAndKillResult | null): void {
  if (result === null) return;
  const now = new Set(result.processes.map((p) => p.guid));
  for (const guid of work.seen) {
    const process = run.processes.get(guid);
    if (result.end !== 'done' || now.has(guid) || process?.outcome !== 'unknown') continue;
    const at = result.lastListAt === null ? process.at : iso(result.lastListAt);
    run.processes.set(guid, { ...process, outcome: 'already-gone', why: null, at });
  }
  for (const guid of now) work.seen.add(guid);
}

function noteNotNeeded(run: Containment, plan: Plan): void {
  if (run.approval.report !== null) return;
  const { digest } = plan;
  run.approval.note(
    { mode: 'none', because: [], answer: 'not-needed', digest, who: null, why: null, at: iso(now()) },
    1,
  );
}

/** Nobody said yes: nothing of the plan is done. What is isolated stays so, for what matched may be alive. */
function refuse(
  run: Containment,
  work: Work,
  { plan, found, answer }: { plan: Plan; found: EnumerateAndKillResult | null; answer: Answer },
): void {
  const { expired } = answer;
  const message = expired
    ? 'Nobody approved the plan in time: nothing of it was done.'
    : `${answer.who ?? 'Somebody'} denied the plan${answer.why === null ? '' : ` (${answer.why})`}: nothing of it was done.`;
  run.approval.refusal = { step: 'approval', type: expired ? 'NotApproved' : 'Denied', message };
  run.problems.push(run.approval.refusal);
  leave(run, work, { plan, found }, message);
}

function leave(
  run: Containment,
  work: Work,
  { plan, found }: { plan: Plan; found: EnumerateAndKillResult | null },
  message: string,
): void {
  run.approval.isolationDenied ||= run.approval.isolation === 'waits';
  for (const guid of work.seen) {
    const process = run.processes.get(guid);
    if (process?.outcome === 'unknown') run.processes.set(guid, { ...process, why: message });
  }
  if (found !== null) takeUnmatched(run, found);
  refuseBans(run, plan, work, message);
  run.takeInstancesToBan();
}
