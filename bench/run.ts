// npm run bench [-- --part last-kill|requests|overhead|start-up|guard-rails|leases]… [--n N] [--check-in 1,5,30] [--seed N] [--heap MIB] [--out FILE] [--record]
// Measures what docs/performance.md claims. Exit code 1 where a promise is missed.
import { parseArgs } from 'node:util';
import { thisMachine } from './measure/machine.js';
import { measureGuardRails } from './parts/guard-rails.js';
import { measureLastKill } from './parts/last-kill.js';
import { measureLeases } from './parts/leases.js';
import { measureOverhead } from './parts/overhead.js';
import { measureRequests } from './parts/requests.js';
import { measureStartUp } from './parts/start-up.js';
import { record, write } from './record.js';
import { reportOf } from './report.js';
import { type Results, targetsOf } from './results.js';

/** A full run. */
const PARTS = ['start-up', 'overhead', 'requests', 'guard-rails', 'last-kill'] as const;
/** Only when it is named: ten thousand leases take their time. */
const ALL = [...PARTS, 'leases'] as const;
type Part = (typeof ALL)[number];
/** Samples of each part in a full run. */
const N: Record<Part, number> = {
  'start-up': 20,
  overhead: 50,
  requests: 5,
  'guard-rails': 10,
  'last-kill': 20,
  leases: 10_000,
};

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    n: { type: 'string' },
    'check-in': { type: 'string', default: '1,5,30' },
    seed: { type: 'string', default: '20171010' },
    /** Of the worker that holds leases, MiB. */
    heap: { type: 'string' },
    out: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
});
const parts = (values.part ?? PARTS).map(partOf);
const seed = positive('--seed', values.seed);
const intervals = values['check-in'].split(',').map((text) => positive('--check-in', text));
const recordable = parts.join() === 'leases' || (!values.part && !values.n && intervals.join() === '1,5,30');
if (values.record && !recordable) {
  throw new Error('Recorded is a full run (no --part, --n and --check-in), or --part leases alone.');
}

// Servers and workers end with this process only where it ends by itself.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const started = Date.now();
const results: Results = {
  schema: 'cb-response-playbook/bench/v1',
  at: new Date(started).toISOString(),
  tookSeconds: 0,
  machine: thisMachine(),
  seed,
};
for (const part of ALL.filter((one) => parts.includes(one))) await measure(part);
results.tookSeconds = Math.round((Date.now() - started) / 1_000);

const file = values.record ? await record(results) : null;
if (values.out) await write(values.out, JSON.stringify(results));
console.log(reportOf(results, file));
process.exitCode = targetsOf(results).every(({ met }) => met) ? 0 : 1;

async function measure(part: Part): Promise<void> {
  const n = values.n === undefined ? N[part] : Math.ceil(positive('--n', values.n));
  console.error(`${part}, n = ${n} …`);
  switch (part) {
    case 'start-up':
      results.startUp = await measureStartUp({ n });
      return;
    case 'overhead':
      results.overhead = await measureOverhead({ n, seed });
      return;
    case 'requests':
      results.requests = await measureRequests({ n });
      return;
    case 'guard-rails':
      results.guardRails = await measureGuardRails({ n, seed });
      return;
    case 'leases':
      results.leases = await measureLeases({
        n,
        heapMiB: values.heap === undefined ? null : Math.ceil(positive('--heap', values.heap)),
      });
      return;
    case 'last-kill':
      results.lastKill = [];
      for (const checkinSeconds of intervals) {
        console.error(`  check-in ${checkinSeconds} s …`);
        results.lastKill.push(await measureLastKill({ checkinSeconds, n, seed }));
      }
  }
}

function partOf(name: string): Part {
  const part = ALL.find((one) => one === name);
  if (part === undefined)
    throw new Error(`There is no part ${JSON.stringify(name)}. Expected: ${ALL.join(', ')}.`);
  return part;
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${option} ${JSON.stringify(text)}: expected a number above 0.`);
  return value;
}
