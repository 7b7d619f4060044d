import type { LeaseSeen, RunSeen, Seen } from '../seen.js';
import { PLAYBOOK } from '../schedule.js';
import { isAlone } from './contained.js';
import { Findings } from './findings.js';
import { tagOf } from './only-the-plan.js';
import { Past } from './past.js';

/**
 * (c) Whatever a run changed is in force under a lease, or undone, or named as what could not be undone. Looked at when the
 * world has come to rest. What a terminated run left stands under the lease that still holds it; of its bans nobody keeps
 * account but their own text (`undo` finds them): counted.
 */
export function accountedFor(seen: Seen): Findings {
  const findings = new Findings();
  findings.looksAt(seen.leases.length + seen.runs.length);
  for (const lease of seen.leases) {
    wishOf(seen, lease, findings);
    releasedFor(seen, lease, findings);
  }
  for (const run of seen.runs) {
    heldBy(seen, run, findings);
    undoneFor(seen, run, findings);
    bansOf(seen, run, findings);
    if (run.receipt?.verdict === 'not-contained') untouched(seen, run, findings);
  }
  return findings;
}

const DEAD: ReadonlySet<string> = new Set(['TERMINATED', 'FAILED', 'TIMED_OUT', 'CANCELLED']);

function wishOf(seen: Seen, { sensorId, status, state }: LeaseSeen, findings: Findings): void {
  const sensor = seen.atRest.sensors.find(({ id }) => id === sensorId);
  const wish = sensor?.wish ?? false;
  const ours = new Past(seen).wishOwnerAt(sensorId, Infinity) === PLAYBOOK;
  const holds = state?.holds ?? [];
  const running = status === 'RUNNING';
  const who = `sensor ${sensorId}, lease ${status}${state === null ? '' : `, ${state.wish}`}`;
  if (wish && ours) {
    const failed = seen.runs.some(
      (run) =>
        run.sensorId === sensorId &&
        run.receipt?.undo.some(({ change, outcome }) => change === 'isolation' && outcome === 'failed'),
    );
    const held = running && holds.length > 0;
    const owed = running && (state?.wish === 'releasing' || state?.wish === 'release-pending');
    const left = DEAD.has(status) && state?.ours === true && wasEnded(seen, sensorId);
    if (left) findings.count('isolation under a lease that was terminated');
    else if (owed) findings.count('release still owed at rest');
    else if (!held && !failed) findings.violated(`${who}: isolated by us, and nobody accounts for it`);
  }
  if (!wish && running && holds.length > 0 && state?.wish === 'placed') {
    const drifted = state.drift.some(({ kind }) => kind !== 'silent');
    if (!drifted && withdrawnLately(seen, sensorId)) findings.count('withdrawn since the lease looked');
    else if (!drifted)
      findings.violated(`${who}: held by ${holds.map((h) => h.holdId).join(', ')}, and not isolated`);
  }
  for (const hold of running ? holds : []) {
    if (hold.runId === null) continue;
    const run = seen.runs.find(({ runId }) => runId === hold.runId);
    if (run === undefined) findings.violated(`${who}: hold ${hold.holdId} is of no run that anybody started`);
    else if (run.receipt?.verdict === 'rolled-back' || run.receipt?.verdict === 'not-contained')
      findings.violated(`${who}: ${run.workflowId} ended ${run.receipt.verdict}, and its hold stands`);
  }
}

/** A lease looks every ten minutes, and a little later where it is busy; a world in real time is over by then. */
const LOOKED_MS = 11 * 60_000;

function withdrawnLately(seen: Seen, sensorId: number): boolean {
  const last = seen.ledger.findLast((e) => e.sensorId === sensorId && e.effect === 'wish-cleared');
  return last !== undefined && last.by !== PLAYBOOK && last.at > seen.atRest.now - LOOKED_MS;
}

function wasEnded(seen: Seen, sensorId: number): boolean {
  return seen.deeds.some((d) => d.what === 'terminate-lease' && d.sensorId === sensorId && d.code === null);
}

const KEPT: ReadonlySet<string> = new Set(['contained', 'contained-partly', 'isolation-pending']);
const HELD: ReadonlySet<string> = new Set(['isolated', 'already-isolated', 'pending']);
/** What gives holds back, or ends them, without the run. */
const ENDS: ReadonlySet<string> = new Set(['release', 'undo', 'extend', 'terminate-lease']);

/** A receipt that says the host is held is right until somebody gives the hold back, or its end comes. */
function heldBy(seen: Seen, run: RunSeen, findings: Findings): void {
  const { receipt, sensorId, workflowId, runId } = run;
  if (receipt === null || !KEPT.has(receipt.verdict)) return;
  if (!HELD.has(receipt.isolation.outcome) || receipt.gaps.includes('isolation-lost')) return;
  const lease = seen.leases.find((l) => l.sensorId === sensorId);
  if (lease?.state?.holds.some((hold) => hold.runId === runId)) return;
  const { expiresAt } = receipt.isolation;
  if (expiresAt !== null && Date.parse(expiresAt) <= seen.restAt) return;
  if (seen.deeds.some((deed) => deed.sensorId === sensorId && ENDS.has(deed.what))) return;
  findings.violated(
    `${workflowId} ended ${receipt.verdict} with its host ${receipt.isolation.outcome}, and its hold is gone`,
  );
}

/** An isolation that is told as undone is gone from the host itself, whatever the server shows. */
function undoneFor(seen: Seen, { receipt, sensorId, workflowId }: RunSeen, findings: Findings): void {
  for (const { change, outcome, at } of receipt?.undo ?? []) {
    if (change !== 'isolation' || outcome !== 'undone') continue;
    const moment = Date.parse(at);
    if (isStillCutOff(seen, sensorId, moment))
      findings.violated(`${workflowId} says at ${at} that its isolation is undone, and the host is cut off`);
  }
}

function releasedFor(seen: Seen, { sensorId, state }: LeaseSeen, findings: Findings): void {
  const at = state?.wish === 'released' ? state.releasedAt : null;
  if (at === null || !isStillCutOff(seen, sensorId, at)) return;
  findings.violated(`sensor ${sensorId}: its lease says released at ${at}, and the host is cut off`);
}

/** By nobody's wish: one that somebody else has is no business of ours. */
function isStillCutOff(seen: Seen, sensorId: number, at: number): boolean {
  const past = new Past(seen);
  return past.isolatedAt(sensorId, at) && past.wishOwnerAt(sensorId, at) === null;
}

function bansOf(seen: Seen, run: RunSeen, findings: Findings): void {
  const { receipt, workflowId } = run;
  const tag = tagOf(run);
  const standing = seen.atRest.bans.filter(({ enabled, text }) => enabled && text.startsWith(tag));
  for (const { md5 } of standing) {
    const same = (given: string): boolean => given.toLowerCase() === md5.toLowerCase();
    if (receipt === null) {
      findings.count('ban of a terminated run');
      continue;
    }
    const failed = receipt.undo.some((u) => u.change === 'ban' && same(u.target) && u.outcome === 'failed');
    const report = receipt.bans.find((ban) => same(ban.md5));
    const kept = KEPT.has(receipt.verdict);
    if (failed) findings.count('ban named as not undone');
    else if (kept && report?.outcome === 'banned') continue;
    else if (kept && report !== undefined) findings.count(`ban stands and is reported as ${report.outcome}`);
    else findings.violated(`${workflowId} ended ${receipt.verdict}, and its ban of ${md5} stands unnamed`);
  }
  if (receipt === null) return;
  for (const ban of KEPT.has(receipt.verdict)
    ? receipt.bans.filter(({ outcome }) => outcome === 'banned')
    : []) {
    const md5 = ban.md5.toLowerCase();
    const stands = seen.atRest.bans.some((b) => b.md5.toLowerCase() === md5 && b.enabled);
    const lifted = seen.deeds.some(
      (deed) => deed.md5?.toLowerCase() === md5 || (deed.what === 'undo' && deed.sensorId === run.sensorId),
    );
    if (!stands && !lifted)
      findings.violated(`${workflowId} says it banned ${ban.md5}, and nobody lifted the ban`);
  }
}

/** `not-contained`: nothing was changed. */
function untouched(seen: Seen, run: RunSeen, findings: Findings): void {
  const until = run.span.to ?? Infinity;
  for (const entry of seen.ledger) {
    if (entry.by !== PLAYBOOK || entry.at < run.span.from || entry.at > until) continue;
    const banned = entry.effect === 'banned' && entry.detail?.startsWith(tagOf(run)) === true;
    const killed =
      entry.effect === 'killed' && entry.sensorId === run.sensorId && isAlone(seen, run, entry.at);
    if (banned || killed)
      findings.violated(`${run.workflowId} ended not-contained, and did this: ${JSON.stringify(entry)}`);
  }
}
