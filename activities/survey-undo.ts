import type { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Ban } from '../cb-response/index.js';
import {
  type FrozenTarget,
  type Hold,
  leaseId,
  type LeaseState,
  leftToHeir,
  type Receipt,
  type UndoSurvey,
} from '../contract/index.js';
import { namesRun } from './bans.js';
import { type ClosedRun, readClosedRun } from './closed-run.js';
import type { Deps } from './deps.js';
import { sameServer } from './frozen.js';
import { isOpen } from './is-run-open.js';
import { askLease } from './lease-seen.js';
import { temporalNow } from './temporal-time.js';

/** An acquire of a run that was terminated may be under way for so long; longer than any is valid. */
const LATE_ACQUIRE_MS = 20 * 60_000;
const RAREST_LOOK_MS = 10_000;
const OFTENEST_LOOK_MS = 250;

/** Reads what a closed run did and what of it still stands. Changes nothing. */
export async function surveyUndo(
  deps: Deps,
  context: Context,
  input: { workflowId: string; runId: string | null },
): Promise<UndoSurvey> {
  const run = await readClosedRun(context, input);
  const target = run.resolved?.target ?? run.receipt?.target ?? null;
  const survey: UndoSurvey = {
    of: {
      workflowId: run.workflowId,
      runId: run.runId,
      hostname: target?.hostname ?? null,
      sensorId: target?.sensorId ?? null,
      verdict: run.receipt?.verdict ?? null,
    },
    target,
    wishedBefore: run.resolved?.wish === true,
    everyMs: lookEvery(run.resolved),
    standing: [],
    left: [],
    notes: run.receipt === null ? ['The run was ended from outside and left no receipt.'] : [],
  };
  if (target === null) {
    survey.notes.push('The run ended before it had found its host: it has changed nothing.');
    return survey;
  }
  sameServer(deps, target);
  await surveyBans(deps, context, run, survey);
  await surveyHold(deps, context, run, target, survey);
  noteKills(run.receipt, survey);
  return survey;
}

/** The whole list: a run that left no receipt, or one that was cut, has its bans there all the same. */
async function surveyBans(deps: Deps, context: Context, run: ClosedRun, survey: UndoSurvey): Promise<void> {
  const bans = await deps.cb.bans.list({ signal: context.cancellationSignal });
  for (const ban of bans.filter((b) => b.enabled && namesRun(b, run))) {
    const effect = 'Disable this ban: hosts may start the file again.';
    survey.standing.push({ change: 'ban', target: ban.md5, effect });
  }
  for (const { md5, outcome } of run.receipt?.bans ?? []) {
    if (outcome !== 'banned' && outcome !== 'already-banned') continue;
    const ban = bans.find((b) => b.md5 === md5 && b.enabled);
    if (ban === undefined || namesRun(ban, run)) continue;
    survey.left.push({ change: 'ban', target: md5, why: whoseBan(ban, outcome) });
  }
}

function whoseBan({ username }: Ban, outcome: 'banned' | 'already-banned'): string {
  const who = username ?? 'somebody else';
  return outcome === 'banned'
    ? `The ban was changed since, by ${who}: it is not this run's any more.`
    : `It was banned already, by ${who}, and not by this run.`;
}

/** The release comes with a check-in: a fifth of its interval, as a containment looks too. */
function lookEvery(resolved: ClosedRun['resolved']): number {
  const fifth = Math.round((resolved?.checkin.intervalMs ?? 0) / 5);
  return fifth === 0 ? RAREST_LOOK_MS : Math.min(RAREST_LOOK_MS, Math.max(OFTENEST_LOOK_MS, fifth));
}

async function surveyHold(
  deps: Deps,
  context: Context,
  run: ClosedRun,
  target: FrozenTarget,
  survey: UndoSurvey,
): Promise<void> {
  const holdId = `${run.workflowId}/${run.runId}`;
  const { holds: held, releasing } = await leaseOf(context, target);
  const others = held.filter((h) => h.holdId !== holdId);
  const named = others.map((h) => h.holdId).join(', ');
  const stands = others.length < held.length;
  if (stands || (await mayStillCome(deps, context, run))) {
    survey.standing.push({
      change: 'isolation',
      target: target.hostname,
      effect: !stands
        ? 'Refuse the hold that the run, terminated a moment ago, may be about to take still.'
        : others.length > 0
          ? `Give back this run's hold; the host stays isolated, for others hold it too: ${named}.`
          : "Give back this run's hold: the host goes back on the network, unless somebody else isolated it first.",
    });
  } else if (releasing && run.receipt?.isolation.outcome !== 'skipped') {
    survey.standing.push({
      change: 'isolation',
      target: target.hostname,
      effect: 'The release was asked for and is not confirmed: wait for it.',
    });
  } else if (others.length > 0) {
    survey.left.push({
      change: 'isolation',
      target: target.hostname,
      why: `This run does not hold it; others do: ${named}. An earlier run is undone with --run-id.`,
    });
  }
}

/**
 * Holds on the sensor's lease, of one that was ended from outside too: they stand until somebody gives them back.
 * `releasing`: nobody holds any more, and the host may be isolated still.
 */
async function leaseOf(
  context: Context,
  target: FrozenTarget,
): Promise<{ holds: Hold[]; releasing: boolean }> {
  const lease = context.client.workflow.getHandle(leaseId(target.sensorId));
  try {
    const { status, runId, memo } = await lease.describe();
    if (!isOpen(status.name)) {
      const left = leftToHeir({ status: status.name, runId, memo });
      if (left === null) return { holds: [], releasing: false };
      return { holds: left.holds, releasing: left.ours && isReleasing(left) };
    }
    const state = await askLease(lease);
    return { holds: state.holds, releasing: isReleasing(state) };
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return { holds: [], releasing: false };
    throw err;
  }
}

/** A foreign isolation is nobody's to wait for. */
function isReleasing({ holds, wish }: Pick<LeaseState, 'holds' | 'wish'>): boolean {
  return holds.length === 0 && wish !== 'released' && wish !== 'foreign';
}

/** Of a run that was terminated a moment ago: giving back what it does not hold yet keeps it from coming. */
async function mayStillCome(
  deps: Deps,
  context: Context,
  { receipt, closedAt }: ClosedRun,
): Promise<boolean> {
  if (receipt !== null || closedAt === null) return false;
  return (await temporalNow(deps, context)) - closedAt < LATE_ACQUIRE_MS;
}

function noteKills(receipt: Receipt | null, survey: UndoSurvey): void {
  const killed = (receipt?.processes ?? []).filter((p) => p.outcome === 'killed').length;
  if (killed > 0) survey.notes.push(`${killed} killed processes stay dead: a kill cannot be undone.`);
}
