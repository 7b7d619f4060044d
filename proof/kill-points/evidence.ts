import { outcomeOf } from '../../testing/index.js';
import type { Evidence } from './check.js';
import { containmentOf, leaseOf } from './hosts.js';
import { md5Of } from './scenarios.js';
import type { Stage } from './stage.js';

/** In which every run must have ended after its worker's death: more than any time-out that can be under way. */
export const LONGEST_MS = 120_000;

/** Waits for the end of a host's run and its lease's, and gathers what is known then. Times in epoch ms. */
export async function evidenceOf(
  stage: Stage,
  host: number,
): Promise<{ evidence: Evidence; endedAt: number }> {
  const { client, simulator, scenario } = stage;
  const run = client.workflow.getHandle(containmentOf(host));
  const lease = client.workflow.getHandle(leaseOf(host));
  const { closed, receipt } = await inTime(outcomeOf(run), 'the containment');
  if (scenario.expected.leaseClosed === true) await inTime(lease.result(), 'the lease');
  const [ofRun, ofLease] = await Promise.all([run.describe(), lease.describe()]);
  const { closeTime } = scenario.until === 'lease' ? ofLease : ofRun;

  const md5 = md5Of(host);
  const { sensors, sessions, bans } = await simulator.state();
  const ledger = (await simulator.ledger()).filter(
    (e) => e.sensorId === host || (e.sensorId === undefined && e.md5?.toUpperCase() === md5),
  );
  return {
    endedAt: closeTime?.getTime() ?? NaN,
    evidence: {
      closed,
      receipt,
      ledger,
      sensor: sensors.find(({ id }) => id === host) ?? null,
      ban: bans.find((ban) => ban.md5.toUpperCase() === md5) ?? null,
      openSessions: sessions
        .filter((s) => s.sensorId === host && (s.status === 'pending' || s.status === 'active'))
        .map((s) => s.id),
      leaseClosed: ofLease.status.name !== 'RUNNING',
    },
  };
}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end in ${LONGEST_MS / 1_000} s`)), LONGEST_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
