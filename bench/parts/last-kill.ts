import { setTimeout as sleep } from 'node:timers/promises';
import type { SensorState } from '../../simulator/index.js';
import { observe, type Observed } from '../measure/observe.js';
import { type Contestant, hostnameOf, type Planned, schedule } from '../measure/schedule.js';
import { seeded } from '../measure/seeded.js';
import { median, round, type Summary, summaryOf } from '../measure/statistics.js';
import { killAsTheScript } from '../script/blog-script.js';
import { EVIL, type Host } from '../stage/hosts.js';
import { openStage, type Stage } from '../stage/stage.js';

/** Runs that wait side by side. Eight sessions are all that the playbook lets be open on a server. */
const LANES: Record<number, number> = { 1: 1, 5: 2, 30: 6 };
/** From the simulator's start to the first run: Temporal, worker and both contestants warm up meanwhile. */
const LEAD_MS = 12_000;

export interface LastKill {
  checkinSeconds: number;
  n: number;
  lanes: number;
  script: Summary;
  playbook: Summary;
  /** Median of the playbook by median of the script. */
  ratioOfMedians: number;
  /** Median of each pair's own ratio. */
  medianRatio: number;
  /** From acknowledged wish to last kill by the physical limit. */
  byLimit: Record<Contestant, Summary>;
  missedCheckins: Record<Contestant, number>;
  samples: { phase: number; script: Observed; playbook: Observed }[];
}

/** Command to last kill, script and playbook in turns, against the same simulator with the same phases of check-in. */
export async function measureLastKill(o: {
  checkinSeconds: number;
  n: number;
  seed: number;
}): Promise<LastKill> {
  const intervalMs = o.checkinSeconds * 1_000;
  const random = seeded(o.seed + o.checkinSeconds);
  const phases = Array.from({ length: o.n }, () => round(random()));
  const lanes = Math.min(LANES[o.checkinSeconds] ?? 1, 2 * o.n);
  const planned = schedule(phases, { intervalMs, lanes, leadMs: LEAD_MS });
  const hosts: Host[] = planned.map(({ hostname, startMs, phase }) => ({
    hostname,
    checkinPhase: ((startMs + phase * intervalMs) % intervalMs) / intervalMs,
  }));
  const warmUps = (['script', 'playbook'] as const).map((who, n) => hostnameOf(`warm-${who}`, n));
  hosts.push(...warmUps.map((hostname) => ({ hostname, checkinPhase: 0 })));

  const stage = await openStage({ hosts, checkinSeconds: o.checkinSeconds });
  try {
    await Promise.all([contest(stage, 'script', warmUps[0]!), contest(stage, 'playbook', warmUps[1]!)]);
    const sensors = await stage.simulator.sensors();
    const seen = new Map<string, Observed>();
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        for (const run of planned.filter((one) => one.lane === lane)) {
          await untilPhase(sensors.get(run.hostname)!, run, intervalMs);
          seen.set(run.hostname, await contest(stage, run.who, run.hostname));
        }
      }),
    );
    return resultOf(o, lanes, phases, seen);
  } finally {
    await stage.close();
  }
}

/** One run from the command to its end, told by the ledger. */
async function contest({ simulator, playbook }: Stage, who: Contestant, hostname: string): Promise<Observed> {
  const { id } = (await simulator.sensors()).get(hostname)!;
  const commandAt = Date.now();
  if (who === 'script') {
    const { sessionId } = await killAsTheScript(simulator, { hostname, processName: EVIL });
    // It never closes its session, and ten of those would block the server for five minutes.
    await simulator.closeSession(sessionId);
  } else {
    const run = await playbook.containEndpoint({ hostname, processName: EVIL, reason: 'bench' });
    const { verdict } = await run.waitForReceipt();
    if (verdict !== 'contained') throw new Error(`${hostname}: expected contained, got ${verdict}.`);
  }
  return observe(await simulator.ledgerOf(id), commandAt);
}

/** Waits until the host's next check-in is as far away as it shall be at the command. */
async function untilPhase(sensor: SensorState, run: Planned, intervalMs: number): Promise<void> {
  const commandAt = (sensor.nextCheckin ?? NaN) - run.phase * intervalMs;
  const late = Date.now() - commandAt;
  const wait = late <= 0 ? -late : (intervalMs - (late % intervalMs)) % intervalMs;
  await sleep(wait);
}

function resultOf(
  o: { checkinSeconds: number; n: number },
  lanes: number,
  phases: readonly number[],
  seen: ReadonlyMap<string, Observed>,
): LastKill {
  const of = (who: Contestant, pair: number): Observed => seen.get(hostnameOf(who, pair))!;
  const samples = phases.map((phase, pair) => ({
    phase,
    script: of('script', pair),
    playbook: of('playbook', pair),
  }));
  const script = summaryOf(samples.map((sample) => sample.script.lastKillMs));
  const playbook = summaryOf(samples.map((sample) => sample.playbook.lastKillMs));
  const byLimit = (who: Contestant): Summary =>
    summaryOf(samples.map((sample) => sample[who].fromWishMs / sample[who].limitMs));
  const missed = (who: Contestant): number => samples.filter((sample) => sample[who].missedCheckin).length;
  return {
    ...o,
    lanes,
    script,
    playbook,
    ratioOfMedians: round(playbook.median / script.median),
    medianRatio: round(
      median(samples.map((sample) => sample.playbook.lastKillMs / sample.script.lastKillMs)),
    ),
    byLimit: { script: byLimit('script'), playbook: byLimit('playbook') },
    missedCheckins: { script: missed('script'), playbook: missed('playbook') },
    samples,
  };
}
