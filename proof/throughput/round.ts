import { setTimeout as sleep } from 'node:timers/promises';
import { usageOf } from '../../bench/measure/usage.js';
import { EVIL } from '../../bench/stage/hosts.js';
import { type BareInput, BARE_QUEUE } from './shape.js';
import type { ThroughputStage } from './stage.js';
import { type ThreadUsage, threadsOf } from './threads.js';

/** Runs under way at once. */
const AT_ONCE = 40;
/** The isolation ends by itself, so that the worker's cache holds no lease of a run that is long over. */
export const LEASE = '2s';
const LEASES_END_MS = 120_000;

export interface Round {
  what: 'playbook' | 'bare';
  runs: number;
  /** From the first start to the last result, s. */
  seconds: number;
  /** Runs that ended otherwise than they should, in words. */
  wrong: string[];
  /** CPU of the whole round, the ends of its leases included, ms. */
  cpuMs: { worker: number; temporal: number; simulator: number; client: number };
  /** Of the worker's. */
  threads: ThreadUsage;
  /** Resident memory of its worker at the end, MiB. */
  workerMiB: number;
}

export async function playbookRound(stage: ThroughputStage, hostnames: readonly string[]): Promise<Round> {
  const contain = async (i: number): Promise<string | null> => {
    const hostname = hostnames[i]!;
    const request = { hostname, processName: EVIL, reason: 'throughput', lease: LEASE };
    const { verdict, summary } = await (await stage.playbook.containEndpoint(request)).waitForReceipt();
    return verdict === 'contained' ? null : `${hostname}: ${summary}`;
  };
  return await round(stage, 'playbook', stage.pids.worker!, hostnames.length, contain, () =>
    leasesEnded(stage),
  );
}

export async function bareRound(stage: ThroughputStage, runs: number, input: BareInput): Promise<Round> {
  const once = async (i: number): Promise<null> => {
    const options = { taskQueue: BARE_QUEUE, workflowId: `bare/${i}`, args: [input] };
    await stage.client.workflow.execute('bare', options);
    return null;
  };
  return await round(stage, 'bare', stage.bareWorker, runs, once, async () => undefined);
}

async function round(
  stage: ThroughputStage,
  what: Round['what'],
  worker: number,
  runs: number,
  job: (i: number) => Promise<string | null>,
  settled: () => Promise<void>,
): Promise<Round> {
  const cpu = (): Round['cpuMs'] => ({
    worker: usageOf(worker).cpuMs,
    temporal: usageOf(stage.pids.temporal).cpuMs,
    simulator: usageOf(stage.pids.simulator).cpuMs,
    client: usageOf(process.pid).cpuMs,
  });
  const before = { cpu: cpu(), threads: threadsOf(worker) };
  const from = Date.now();
  const wrong: string[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < runs; i = next++) {
      const why = await job(i).catch((error: unknown) => String(error));
      if (why !== null) wrong.push(why);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, runs) }, lane));
  const seconds = (Date.now() - from) / 1_000;
  await settled();
  return {
    ...{ what, runs, seconds, wrong },
    cpuMs: less(cpu(), before.cpu),
    threads: less(threadsOf(worker), before.threads),
    workerMiB: Math.round(usageOf(worker).rss / 2 ** 20),
  };
}

function less<T extends object>(after: T, before: T): T {
  const pairs = Object.entries(after) as [string, number][];
  return Object.fromEntries(
    pairs.map(([key, ms]) => [key, ms - (before as Record<string, number>)[key]!]),
  ) as T;
}

async function leasesEnded({ client }: ThroughputStage): Promise<void> {
  const deadline = Date.now() + LEASES_END_MS;
  const query = 'WorkflowType = "isolationLease" AND ExecutionStatus = "Running"';
  while ((await client.workflow.count(query)).count > 0) {
    if (Date.now() > deadline) throw new Error('Leases of two seconds have not ended after two minutes.');
    await sleep(500);
  }
}
