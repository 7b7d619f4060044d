import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../bench/results.js';
import { projectRoot } from '../test/support/worker-process.js';
import { lastKillPlot } from './plots/last-kill.js';
import { recoveryPlot, type Recovery } from './plots/recovery.js';
import { PARTS } from './parts/index.js';
import type { Proof } from './proof.js';
import { tableOf } from './table.js';

const RESULTS = join(projectRoot, 'proof', 'results');
const MARKS = /(<!-- proof:begin[^>]*-->)[\s\S]*(<!-- proof:end -->)/;

/** The newest recorded run of each part, in the order of the parts. */
export function recorded(): Proof[] {
  const files = readdirSync(RESULTS);
  return PARTS.map(({ name }) => `${name}.json`)
    .filter((file) => files.includes(file))
    .map((file) => JSON.parse(readFileSync(join(RESULTS, file), 'utf8')) as Proof);
}

/** A page with the table of what is recorded between its marks; docs/proof.md says on which machine and when, too. */
export function withTable(page: string, text: string): string {
  if (!MARKS.test(text)) throw new Error(`${page} has lost its marks, proof:begin and proof:end.`);
  const table = tableOf(recorded().flatMap(({ parts }) => parts));
  const parts = page === 'docs/proof.md' ? [table, ranOn(recorded())] : [table];
  return text.replace(MARKS, (_, begin: string, end: string) => [begin, ...parts, end].join('\n\n'));
}

/** The plots, by their path. */
export function plots(): Record<string, string> {
  const data = (part: string): unknown =>
    recorded()
      .flatMap(({ parts }) => parts)
      .find(({ name }) => name === part)?.data;
  const killed = data('kill-points') as { points: Recovery[] } | undefined;
  return {
    ...(killed ? { 'docs/plots/recovery.svg': recoveryPlot(killed.points) } : {}),
    'docs/plots/last-kill.svg': lastKillPlot(newestBench().lastKill ?? []),
  };
}

function ranOn(all: readonly Proof[]): string {
  const lines = all.map(({ machine: m, seed, parts }) => {
    const { name, at, tookSeconds } = parts[0]!;
    return `| ${name} | ${at.slice(0, 16).replace('T', ' ')} | ${tookSeconds} s | ${seed} | ${m.commit ?? 'unknown'} | ${m.cpu}, ${m.cores} cores, ${m.memoryGiB} GiB; Node ${m.node} |`;
  });
  return [
    '| Part | When (UTC) | Took | Seed | Commit | Machine |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function newestBench(): Results {
  const folder = join(projectRoot, 'bench', 'results');
  const file = readdirSync(folder)
    .filter((name) => /^\d{4}-\d\d-\d\d\.json$/.test(name))
    .sort()
    .at(-1);
  if (file === undefined) throw new Error('bench/results holds no full run.');
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Results;
}
