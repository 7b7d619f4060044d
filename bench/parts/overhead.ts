import { setTimeout as sleep } from 'node:timers/promises';
import { hostnameOf } from '../measure/schedule.js';
import { seeded } from '../measure/seeded.js';
import { type Summary, summaryOf } from '../measure/statistics.js';
import { waitedMs } from '../measure/waiting.js';
import { EVIL } from '../stage/hosts.js';
import { openStage } from '../stage/stage.js';

export interface Overhead {
  checkinSeconds: number;
  n: number;
  /** From the call of the client library to the receipt in hand, less what `waited` says. */
  overhead: Summary;
  /** The same for the workflow alone: from its start to its end. */
  workflowOverhead: Summary;
  /** Time with a session or a command pending at the host. */
  waited: Summary;
  /** From the call to the receipt in hand. */
  total: Summary;
}

const CHECKIN_S = 1;
/** A worker that has just started compiles as it goes. */
const WARM_UPS = 3;

/** What a containment takes beside waiting for the host: one after the other, each on a fresh host. */
export async function measureOverhead(o: { n: number; seed: number }): Promise<Overhead> {
  const random = seeded(o.seed);
  const warmUps = Array.from({ length: WARM_UPS }, (_, n) => hostnameOf('warm-up', n));
  const hostnames = Array.from({ length: o.n }, (_, n) => hostnameOf('playbook', n));
  const hosts = [...warmUps, ...hostnames].map((hostname) => ({ hostname, checkinPhase: random() }));
  const stage = await openStage({ hosts, checkinSeconds: CHECKIN_S });
  const { simulator, playbook } = stage;
  const one = async (hostname: string) => {
    const { id } = (await simulator.sensors()).get(hostname)!;
    await sleep(random() * 1_000 * CHECKIN_S);
    const from = Date.now();
    const run = await playbook.containEndpoint({ hostname, processName: EVIL, reason: 'bench' });
    const receipt = await run.waitForReceipt();
    const total = Date.now() - from;
    if (receipt.verdict !== 'contained') throw new Error(`${hostname}: ${receipt.summary}`);
    const waited = waitedMs(await simulator.ledgerOf(id), await simulator.journal());
    const workflow = Date.parse(receipt.endedAt ?? '') - Date.parse(receipt.startedAt);
    return { total, waited, overhead: total - waited, workflowOverhead: workflow - waited };
  };
  try {
    for (const hostname of warmUps) await one(hostname);
    const runs: Awaited<ReturnType<typeof one>>[] = [];
    for (const hostname of hostnames) runs.push(await one(hostname));
    return {
      checkinSeconds: CHECKIN_S,
      n: o.n,
      overhead: summaryOf(runs.map((run) => run.overhead)),
      workflowOverhead: summaryOf(runs.map((run) => run.workflowOverhead)),
      waited: summaryOf(runs.map((run) => run.waited)),
      total: summaryOf(runs.map((run) => run.total)),
    };
  } finally {
    await stage.close();
  }
}
