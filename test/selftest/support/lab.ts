import { createHash } from 'node:crypto';
import type { Limits, SelftestDeps, SelftestPlaybook } from '../../../cli/selftest/lab.js';
import type { SelftestReceipt } from '../../../cli/selftest/receipt.js';
import { selftest } from '../../../cli/selftest/selftest.js';
import type { LedgerEntry, Scenario } from '../../../simulator/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';

type SensorSpec = Scenario['sensors'][number];

/** A lab host of each system, with what more a case wants of it. */
export function labHost(id: number, more: Partial<SensorSpec> = {}): SensorSpec {
  return { id, hostname: `LAB-${id}`, processes: [], ...more };
}

/**
 * The client library of a skipped-time environment as the self-test has it: its waits let time pass. The test server tells
 * nobody who polls.
 */
export function skippingPlaybook(env: PlaybookTestEnvironment): SelftestPlaybook {
  const { playbook, timePasses } = env;
  return {
    brakes: () => playbook.brakes(),
    cancel: (id, o) => playbook.cancel(id, o),
    status: (id) => playbook.status(id),
    hostStatus: (host, o) => playbook.hostStatus(host, o),
    check: () =>
      Promise.resolve({
        address: 'test',
        namespace: env.namespace,
        serverVersion: null,
        pollers: { workflows: ['test'], activities: ['test'], liveResponse: ['test'] },
        missingSearchAttributes: null,
      }),
    containEndpoint: async (request, o) => {
      const run = await playbook.containEndpoint(request, o);
      return { ...run, waitForReceipt: (wait) => timePasses(run.waitForReceipt(wait)) };
    },
    undo: (id, o) => timePasses(playbook.undo(id, o)),
    waitForReceipt: (id, o) => timePasses(playbook.waitForReceipt(id, o)),
  };
}

export interface Ran {
  receipt: SelftestReceipt;
  /** What happened on the server meanwhile. */
  ledger: LedgerEntry[];
  /** The receipt as it was saved, time after time, as JSON. */
  saved: string[];
  notes: string[];
}

export interface RunOptions {
  hostname: string;
  playbook?: SelftestPlaybook;
  limits?: Partial<Limits>;
  signal?: AbortSignal;
  /** Told of each line of progress. */
  note?: (line: string) => void;
  seed?: number;
}

let count = 0;

/** One self-test in this process, with repeatable bytes and no question asked. */
export async function runSelftest(env: PlaybookTestEnvironment, o: RunOptions): Promise<Ran> {
  const happened = (await env.simulator.ledger()).length;
  const saved: string[] = [];
  const notes: string[] = [];
  const salt = `${o.seed ?? 1}/${(count += 1)}`;
  let drawn = 0;
  const deps: SelftestDeps = {
    cb: env.cb,
    playbook: o.playbook ?? skippingPlaybook(env),
    clock: env.clock,
    random: (bytes) => {
      drawn += 1;
      return Buffer.concat(
        [0, 1].map((half) => createHash('sha256').update(`${salt}/${drawn}/${half}`).digest()),
      ).subarray(0, bytes);
    },
    signal: o.signal,
    note: (line) => {
      notes.push(line);
      o.note?.(line);
    },
    save: (receipt) => {
      saved.push(JSON.stringify(receipt));
      return Promise.resolve();
    },
    limits: o.limits,
  };
  const receipt = await selftest(deps, { hostname: o.hostname, by: 'tester' }, () => Promise.resolve());
  return { receipt, ledger: (await env.simulator.ledger()).slice(happened), saved, notes };
}
