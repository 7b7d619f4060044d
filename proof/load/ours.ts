import { usageOf } from '../../bench/measure/usage.js';
import { EVIL, type Host } from '../../bench/stage/hosts.js';
import { openStage, type Stage } from '../../bench/stage/stage.js';
import type { Receipt } from '../../contract/index.js';
import type { LedgerEntry } from '../../simulator/index.js';
import { CHECKIN_S } from './fleet.js';
import { doneTimes, type SessionUse, sessionUse } from './sessions.js';

export interface OurRun {
  /** All calls of the client library had come back, s. */
  startedS: number;
  /** Calls that came back saying that nobody polls: the worker had not answered in time. */
  unanswered: number;
  /** The last kill, s after the first call. */
  lastKillS: number;
  /** The last receipt in hand, s. */
  totalS: number;
  /** When each host's last kill was, s. */
  doneS: number[];
  /** When each host was isolated by its own check-in, s. */
  isolatedS: number[];
  /** Hosts that did not end contained, or not with each effect once, in words. */
  wrong: { hostname: string; why: string }[];
  sessions: SessionUse;
  requests: number;
  cpuS: { worker: number; temporal: number; simulator: number };
  workerMiB: number;
}

/** A containment of every host, all started at once through the client library. */
export async function runOurs(hosts: readonly Host[], log: (line: string) => void): Promise<OurRun> {
  const stage = await openStage({ hosts, checkinSeconds: CHECKIN_S, tls: true });
  try {
    const before = cpuOf(stage);
    const from = Date.now();
    const seconds = (): number => (Date.now() - from) / 1_000;
    const ticking = setInterval(() => void progress(stage, seconds(), log), 30_000);
    let startedS = 0;
    let unanswered = 0;
    const ends = await Promise.allSettled(
      hosts.map(async ({ hostname }) => {
        const run = await stage.playbook.containEndpoint({ hostname, processName: EVIL, reason: 'load' });
        startedS = seconds();
        if (run.noWorker) unanswered += 1;
        return await run.waitForReceipt();
      }),
    ).finally(() => clearInterval(ticking));
    const totalS = seconds();
    const after = cpuOf(stage);
    const ledger = await stage.simulator.ledger();
    const doneS = doneTimes(ledger, from);
    return {
      startedS,
      unanswered,
      lastKillS: doneS.at(-1) ?? NaN,
      totalS,
      doneS,
      isolatedS: ledger
        .filter(({ effect }) => effect === 'isolated')
        .map(({ at }) => (at - from) / 1_000)
        .sort((a, b) => a - b),
      wrong: hosts.flatMap(({ hostname }, i) => {
        const why = whyWrong(
          ends[i]!,
          ledger.filter(({ sensorId }) => sensorId === i + 1),
        );
        return why === null ? [] : [{ hostname, why }];
      }),
      sessions: sessionUse(ledger),
      requests: (await stage.simulator.journal()).length,
      cpuS: {
        worker: (after.worker - before.worker) / 1_000,
        temporal: (after.temporal - before.temporal) / 1_000,
        simulator: (after.simulator - before.simulator) / 1_000,
      },
      workerMiB: Math.round(usageOf(stage.pids.worker!).rss / 2 ** 20),
    };
  } finally {
    await stage.close();
  }
}

/** `null`: it ended contained, and its two processes were killed, its wish written and its host isolated once each. */
export function whyWrong(end: PromiseSettledResult<Receipt>, ledger: readonly LedgerEntry[]): string | null {
  if (end.status === 'rejected') return inWords(end.reason);
  if (end.value.verdict !== 'contained') return `${end.value.verdict}: ${end.value.summary}`;
  const expected = { 'wish-set': 1, isolated: 1, killed: 2, 'kill-failed': 0, 'wish-cleared': 0 };
  for (const [effect, n] of Object.entries(expected)) {
    const times = ledger.filter((entry) => entry.effect === effect).length;
    if (times !== n) return `${effect} ${times} times, expected ${n}`;
  }
  return null;
}

/** The SDK's errors say why in their cause. */
function inWords(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return cause === undefined ? String(error) : `${String(error)} (${inWords(cause)})`;
}

function cpuOf({ pids }: Stage): { worker: number; temporal: number; simulator: number } {
  return {
    worker: usageOf(pids.worker!).cpuMs,
    temporal: usageOf(pids.temporal).cpuMs,
    simulator: usageOf(pids.simulator).cpuMs,
  };
}

async function progress(stage: Stage, seconds: number, log: (line: string) => void): Promise<void> {
  const ledger = await stage.simulator.ledger().catch((): LedgerEntry[] => []);
  const n = (effect: LedgerEntry['effect']): number =>
    ledger.filter((entry) => entry.effect === effect).length;
  log(
    `${Math.round(seconds)} s: ${n('isolated')} isolated, ${n('killed')} killed, ${n('session-closed')} sessions closed`,
  );
}
