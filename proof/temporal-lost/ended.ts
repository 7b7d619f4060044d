import type { WorkflowHandle } from '@temporalio/client';
import type { Verdict } from '../../contract/index.js';
import type { Simulator } from '../../simulator/index.js';
import { outcomeOf, type Outcome } from '../../testing/index.js';
import { effectsOn, openSessions } from '../../test/chaos/effects.js';
import type { Host } from '../../test/chaos/fleet.js';
import { waitFor } from '../../test/support/wait-for.js';
import { tellOf, type Attacked } from './attack.js';
import { judge } from './judge.js';

/** No run of this part may take longer from the blow to its end, ms. */
const LONGEST_MS = 5 * 60_000;
/** An answer that a line swallowed may cost a session that is closed only after the run. */
const CLOSING_MS = 30_000;

/** Waits for the end of a run that was struck at `since` (epoch ms), and judges it. */
export async function judgeEnd(
  simulator: Simulator,
  host: Host,
  run: WorkflowHandle,
  o: { moment: string; since: number; verdicts: readonly Verdict[] },
): Promise<Attacked> {
  const outcome = await within(LONGEST_MS, outcomeOf(run));
  const endedAfterMs = Date.now() - o.since;
  const { moment } = o;
  if (outcome === null)
    return {
      moment,
      verdict: 'none',
      endedAfterMs,
      wrong: [`Not ended after ${LONGEST_MS / 1_000} s.`],
      notes: [],
    };
  await waitFor('no session', async () => (await openSessions(simulator, host)).length === 0, {
    timeoutMs: CLOSING_MS,
  }).catch(() => undefined);
  const { receipt } = outcome;
  const ledger = await effectsOn(simulator, host);
  const wrong = judge(host, { receipt, ledger, state: await simulator.state() }, o.verdicts);
  const notes = [
    ...(receipt?.deadlinesPassed ?? []).map(({ waitingFor }) => `deadline passed: ${waitingFor}`),
    ...(receipt?.problems ?? []).map(({ step, type }) => `${step}: ${type}`),
  ];
  if (wrong.length > 0) wrong.push(closing(outcome), ledger.map((e) => JSON.stringify(e)).join(' '));
  return { moment, verdict: tellOf(receipt), endedAfterMs, wrong, notes };
}

function closing({ closed, message, receipt }: Outcome): string {
  return `Closed ${closed}: ${receipt?.summary ?? message ?? ''} ${JSON.stringify(receipt?.problems ?? [])}`;
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
