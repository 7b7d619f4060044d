import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from '../test/support/worker-process.js';
import { reportOf } from './report.js';
import type { Results } from './results.js';

const DOC = join(projectRoot, 'docs', 'performance.md');
/** The leases are measured apart, and have marks of their own. */
const MARKS = {
  bench: /(<!-- bench:begin[^>]*-->)[\s\S]*(<!-- bench:end -->)/,
  leases: /(<!-- leases:begin[^>]*-->)[\s\S]*(<!-- leases:end -->)/,
};

/** Keeps the results of a full run, or of the leases, in bench/results/ and puts them into docs/performance.md, so that both say the same. */
export async function record(results: Results): Promise<string> {
  const what = results.leases ? 'leases' : 'bench';
  const file = `bench/results/${results.at.slice(0, 10)}${results.leases ? '-leases' : ''}.json`;
  const doc = readFileSync(DOC, 'utf8');
  if (!MARKS[what].test(doc)) {
    throw new Error(`docs/performance.md has lost its marks, ${what}:begin and ${what}:end.`);
  }
  await write(join(projectRoot, file), JSON.stringify(results));
  const report = reportOf(results, file);
  await write(
    DOC,
    doc.replace(MARKS[what], (_, begin: string, end: string) => `${begin}\n\n${report}\n\n${end}`),
  );
  return file;
}

export async function write(path: string, text: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const style = await resolveConfig(DOC);
  writeFileSync(path, await format(text, { ...style, filepath: path }));
}
