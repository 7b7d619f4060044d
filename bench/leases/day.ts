import { acquire } from '../../client/lease-run.js';
import { targetOf } from '../../activities/resolve.js';
import { leaseId } from '../../contract/index.js';
import { createPlaybookTestEnvironment } from '../../testing/index.js';
import { round } from '../measure/statistics.js';

const DAYS = 3;
const DAY_MS = 86_400_000;

export interface LeaseDay {
  days: number;
  /** Events in the history of one lease until its sensor has confirmed. */
  toConfirm: number;
  /** Events that each further day adds, a reminder included. */
  eventsADay: number;
  /** How often its sensor is read in a day. */
  looksADay: number;
}

/** One lease at the default pace on the time-skipping server: three days in a moment. */
export async function measureLeaseDay(): Promise<LeaseDay> {
  await using env = await createPlaybookTestEnvironment({
    scenario: { name: 'lease', sensors: [{ hostname: 'HELD-1', ordinaryProcesses: false }] },
  });
  const sensor = await env.cb.sensors.get(1);
  if (sensor === null) throw new Error('There is no sensor 1.');
  const session = { client: env.client, namespace: env.namespace, address: '', webBase: null };
  const validUntil = (await env.clock.now()) + DAY_MS;
  await acquire(session, targetOf(sensor, env.cb.serverName), {
    ...{ holdId: 'person/bench', who: 'bench', reason: 'bench', validUntil },
  });
  const handle = env.client.workflow.getHandle(leaseId(1));
  await env.sleep('1h');
  const before = { ...(await handle.describe()), requests: env.simulator.journal().length };
  for (let hour = 0; hour < DAYS * 24; hour += 1) await env.sleep('1h');
  const after = await handle.describe();
  if (after.runId !== before.runId || after.status.name !== 'RUNNING') {
    throw new Error(`The lease did not go on as it was: ${after.status.name}, run ${after.runId}.`);
  }
  return {
    days: DAYS,
    toConfirm: before.historyLength,
    eventsADay: round((after.historyLength - before.historyLength) / DAYS),
    looksADay: round((env.simulator.journal().length - before.requests) / DAYS),
  };
}
