import { timeOf } from '../measure/observe.js';
import { hostnameOf } from '../measure/schedule.js';
import { type Summary, summaryOf } from '../measure/statistics.js';
import { EVIL } from '../stage/hosts.js';
import { cli, openStage, type Stage } from '../stage/stage.js';

/** All in ms, from the start of the process. */
export interface StartUp {
  n: number;
  /** `cb-playbook worker` until Temporal counts it among the pollers of both queues. */
  workerPolling: Summary;
  /** `cb-playbook --help` until its end. */
  help: Summary;
  /** `cb-playbook contain` until the wish stands on the server. */
  commandToWish: Summary;
}

export async function measureStartUp(o: { n: number }): Promise<StartUp> {
  const hostnames = Array.from({ length: o.n + 1 }, (_, n) => hostnameOf('playbook', n));
  const hosts = hostnames.map((hostname, n) => ({ hostname, checkinPhase: (n * 0.37) % 1 }));
  const stage = await openStage({ hosts, checkinSeconds: 1, worker: false });
  try {
    // The first of each fills the disk cache and is not counted.
    const help = await repeat(o.n + 1, () => helpMs(stage));
    const workerPolling = await repeat(o.n + 1, () => workerMs(stage));
    const worker = cli(['worker'], stage.env);
    let commandToWish: number[];
    try {
      await worker.line('stdout', /"ready":true/);
      commandToWish = await repeat(o.n + 1, (n) => wishMs(stage, hostnames[n]!));
    } finally {
      await worker.stop();
    }
    return {
      n: o.n,
      workerPolling: summaryOf(workerPolling.slice(1)),
      help: summaryOf(help.slice(1)),
      commandToWish: summaryOf(commandToWish.slice(1)),
    };
  } finally {
    await stage.close();
  }
}

async function repeat(times: number, measure: (n: number) => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < times; n += 1) all.push(await measure(n));
  return all;
}

async function helpMs({ env }: Stage): Promise<number> {
  const from = performance.now();
  const { code } = await cli(['--help'], env).exited;
  const took = performance.now() - from;
  if (code !== 0) throw new Error(`--help: exit code ${code}`);
  return took;
}

async function workerMs({ env }: Stage): Promise<number> {
  const from = performance.now();
  const worker = cli(['worker'], env);
  try {
    await worker.line('stdout', /"ready":true/, { timeoutMs: 30_000, everyMs: 2 });
    return performance.now() - from;
  } finally {
    await worker.stop();
  }
}

/** The run goes on to its end before the next one, so that none is measured beside another. */
async function wishMs({ env, simulator }: Stage, hostname: string): Promise<number> {
  const { id } = (await simulator.sensors()).get(hostname)!;
  const from = Date.now();
  const contain = cli(
    ['contain', '--hostname', hostname, '--process-name', EVIL, '--reason', 'bench', '--json'],
    env,
  );
  const { code } = await contain.exited;
  if (code !== 0) throw new Error(`contain: exit code ${code}\n${contain.stdout}\n${contain.stderr}`);
  return timeOf(await simulator.ledgerOf(id), 'wish-set') - from;
}
