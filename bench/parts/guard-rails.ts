import { setTimeout as sleep } from 'node:timers/promises';
import type { Receipt } from '../../contract/index.js';
import type { Scenario } from '../../simulator/index.js';
import { timeOf } from '../measure/observe.js';
import { hostnameOf } from '../measure/schedule.js';
import { seeded } from '../measure/seeded.js';
import { type Summary, summaryOf } from '../measure/statistics.js';
import { EVIL } from '../stage/hosts.js';
import { openStage } from '../stage/stage.js';

/** What guard rails cost where they have the most to look at. */
export interface GuardRails {
  checkinSeconds: number;
  n: number;
  processes: number;
  matching: number;
  /** From the call of the client library to the plan in hand, less the wait for the check-in that brings the session. */
  plan: Summary;
  /** The wait alone. */
  waited: Summary;
}

const CHECKIN_S = 1;
const PROCESSES = 500;
const MATCHING = 50;
/** Folders that the matching ones lie in, each with a file of its own to be hashed and judged. */
const FOLDERS = 10;
/** A worker that has just started compiles as it goes. */
const WARM_UPS = 2;

/** A dry run against hosts on which five hundred processes run, fifty of which match. */
export async function measureGuardRails(o: { n: number; seed: number }): Promise<GuardRails> {
  const random = seeded(o.seed);
  const warmUps = Array.from({ length: WARM_UPS }, (_, n) => hostnameOf('warm-up', n));
  const hostnames = Array.from({ length: o.n }, (_, n) => hostnameOf('playbook', n));
  const scenario = busyHosts([...warmUps, ...hostnames].map((hostname) => ({ hostname, phase: random() })));
  const stage = await openStage({ scenario, checkinSeconds: CHECKIN_S });
  const { simulator, playbook } = stage;
  const one = async (hostname: string) => {
    const { id } = (await simulator.sensors()).get(hostname)!;
    await sleep(random() * 1_000 * CHECKIN_S);
    const from = Date.now();
    const run = await playbook.containEndpoint({
      hostname,
      processName: EVIL,
      dryRun: true,
      reason: 'bench',
    });
    const receipt = await run.waitForReceipt();
    const total = Date.now() - from;
    requirePlan(hostname, receipt);
    const ledger = await simulator.ledgerOf(id);
    const waited = timeOf(ledger, 'session-active') - timeOf(ledger, 'session-opened');
    return { plan: total - waited, waited };
  };
  try {
    for (const hostname of warmUps) await one(hostname);
    const runs: Awaited<ReturnType<typeof one>>[] = [];
    for (const hostname of hostnames) runs.push(await one(hostname));
    return {
      ...{ checkinSeconds: CHECKIN_S, n: o.n, processes: PROCESSES, matching: MATCHING },
      plan: summaryOf(runs.map((run) => run.plan)),
      waited: summaryOf(runs.map((run) => run.waited)),
    };
  } finally {
    await stage.close();
  }
}

/** A number for anything but a whole plan would be a number for nothing. */
function requirePlan(hostname: string, receipt: Receipt): void {
  const { plan } = receipt as { plan?: { processes: unknown[] } | null };
  const rows = plan?.processes.length ?? receipt.processes.length;
  if (receipt.verdict === 'planned' && rows === MATCHING) return;
  throw new Error(
    `${hostname}: expected a plan of ${MATCHING} processes, got ${receipt.verdict} with ${rows}: ${receipt.summary}`,
  );
}

function busyHosts(hosts: readonly { hostname: string; phase: number }[]): Scenario {
  return {
    name: 'bench',
    sensors: hosts.map(({ hostname, phase }, n) => ({
      ...{ id: n + 1, hostname, checkinPhase: phase, ordinaryProcesses: false },
      processes: Array.from({ length: PROCESSES }, (_, i) => ({
        ...{ pid: 2_000 + 4 * i, startedAgo: 5_400 },
        ...(i < MATCHING
          ? { path: `c:\\evil ${i % FOLDERS}\\${EVIL}`, binary: `evil ${i % FOLDERS} of ${hostname}` }
          : { path: `c:\\program files\\good ${i}\\good.exe`, binary: `good ${i}` }),
      })),
    })),
  };
}
