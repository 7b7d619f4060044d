import type { WorkflowHandle } from '@temporalio/client';
import type { Verdict } from '../../contract/index.js';
import type { Simulator } from '../../simulator/index.js';
import { outcomeOf, type Outcome } from '../../testing/index.js';
import { effectsOn, openSessions } from '../../test/chaos/effects.js';
import type { Host } from '../../test/chaos/fleet.js';
import { waitFor } from '../../test/support/wait-for.js';
import { tellOf, type Attacked } from './attack.js';
import { inTime, TooLate } from './in-time.js';
import { judge } from './judge.js';

/** An answer that a line swallowed may cost a session that is closed only after the run. */
const CLOSING_MS = 30_000;

/**
 * Waits for the end of a run that was struck at `since` (epoch ms), and judges it. When it ended Temporal says, whose clock
 * is this process's: what the worker says may be of a clock that was set, and when we hear of it is later.
 */
export async function judgeEnd(
  simulator: Simulator,
  host: Host,
  run: WorkflowHandle,
  o: { moment: string; since: number; verdicts: readonly Verdict[]; undisturbed?: Verdict },
): Promise<Attacked> {
  const { moment, undisturbed } = o;
  const outcome = await inTime(`the end of ${run.workflowId}`, outcomeOf(run)).catch((error: unknown) => {
    if (error instanceof TooLate) return error;
    throw error;
  });
  const compared = undisturbed === undefined ? {} : { undisturbed };
  if (outcome instanceof TooLate) {
    const endedAfterMs = Date.now() - o.since;
    return { moment, verdict: 'none', ...compared, endedAfterMs, wrong: [outcome.message], notes: [] };
  }
  const { closeTime } = await run.describe();
  const endedAfterMs = (closeTime?.getTime() ?? NaN) - o.since;
  await waitFor('no session', async () => (await openSessions(simulator, host)).length === 0, {
    timeoutMs: CLOSING_MS,
    everyMs: 200,
  }).catch(() => undefined);
  const { receipt } = outcome;
  const ledger = await effectsOn(simulator, host);
  const wrong = judge(host, { receipt, ledger, state: await simulator.state() }, o.verdicts);
  const notes = [
    ...(receipt?.deadlinesPassed ?? []).map(({ waitingFor }) => `deadline passed: ${waitingFor}`),
    ...(receipt?.problems ?? []).map(({ step, type }) => `${step}: ${type}`),
  ];
  if (wrong.length > 0) wrong.push(closing(outcome), ledger.map((e) => JSON.stringify(e)).join(' '));
  const spared = endedAfterMs <= 0 ? { spared: true as const } : {};
  return { moment, verdict: tellOf(receipt), ...compared, ...spared, endedAfterMs, wrong, notes };
}

function closing({ closed, message, receipt }: Outcome): string {
  return `Closed ${closed}: ${receipt?.summary ?? message ?? ''} ${JSON.stringify(receipt?.problems ?? [])}`;
}
