import { setTimeout as sleep } from 'node:timers/promises';
import type { FrozenTarget } from '../../contract/index.js';
import type { LedgerEntry } from '../../simulator/index.js';
import { type Summary, summaryOf } from '../measure/statistics.js';
import { endAll } from './holds.js';
import type { LeaseStage } from './stage.js';

/** All ends lie within one minute. */
const OVER_MS = 60_000;

export interface Expiry {
  overSeconds: number;
  /** From each hold's own end to the wish withdrawn on the server, ms. */
  late: Summary;
  /** From each hold's own end to the host released, by the sensor's own check-in, ms. */
  lateReleased: Summary;
  /** From the first wish withdrawn to the last, and to the last lease closed, s. */
  spreadSeconds: number;
  closedSeconds: number;
  /** Leases whose host was never released, that released it more than once, or before its end. */
  missed: number;
  twice: number;
  early: number;
  /** Calls of the client that set an end and got no answer in time, so that they were sent again. */
  unanswered: number;
}

/** Gives every hold an end within one minute, and sees all of them released. */
export async function measureExpiry(
  stage: LeaseStage,
  targets: readonly FrozenTarget[],
  o: { leadMs: number; patienceMs: number },
): Promise<Expiry> {
  const from = Date.now() + o.leadMs;
  const { ends, unanswered } = await endAll(stage, targets, from, OVER_MS);
  await sleep(Math.max(0, from - Date.now()));
  const giveUp = from + OVER_MS + o.patienceMs;
  while ((await running(stage)) > 0 && Date.now() < giveUp) await sleep(2_000);
  const closedAt = Date.now();

  const ledger = (await stage.simulator.ledger()).filter(({ at }) => at >= from - o.leadMs);
  const cleared = byEffect(ledger, 'wish-cleared');
  const released = byEffect(ledger, 'released');
  const late = (times: Map<number, number[]>): number[] =>
    [...ends].flatMap(([id, end]) => (times.get(id) ?? []).slice(0, 1).map((at) => at - end));
  const first = Math.min(...[...cleared.values()].flat());
  const last = Math.max(...[...cleared.values()].flat());
  const lateCleared = late(cleared);
  return {
    overSeconds: OVER_MS / 1_000,
    late: summaryOf(lateCleared),
    lateReleased: summaryOf(late(released)),
    spreadSeconds: (last - first) / 1_000,
    closedSeconds: (closedAt - first) / 1_000,
    missed: targets.filter(({ sensorId }) => !released.has(sensorId)).length,
    twice: [...cleared.values()].filter((times) => times.length > 1).length,
    early: lateCleared.filter((ms) => ms < 0).length,
    unanswered,
  };
}

async function running({ session }: LeaseStage): Promise<number> {
  const { count } = await session.client.workflow.count(
    'WorkflowType = "isolationLease" AND ExecutionStatus = "Running"',
  );
  return count;
}

function byEffect(ledger: readonly LedgerEntry[], effect: LedgerEntry['effect']): Map<number, number[]> {
  const times = new Map<number, number[]>();
  for (const entry of ledger) {
    if (entry.effect !== effect || entry.sensorId === undefined) continue;
    times.set(entry.sensorId, [...(times.get(entry.sensorId) ?? []), entry.at]);
  }
  return times;
}
