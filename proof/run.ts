// npm run proof [-- --part NAME]… [--n N] [--seed N] [--only CASE] [--ci] [--out FILE] [--record | --page] [--resume FILE [--also COMMIT]…]
// Breaks the playbook on purpose and says what held. Exit code 1 where a promise did not. docs/proof.md tells what it does.
import { parseArgs } from 'node:util';
import { thisMachine } from '../bench/measure/machine.js';
import { write } from '../bench/record.js';
import { PARTS } from './parts/index.js';
import type { ProofPart } from './part.js';
import { schedules } from './parts/schedules.js';
import { record, writePages } from './record.js';
import type { Proof } from './proof.js';
import { tableOf } from './table.js';

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    n: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    ci: { type: 'boolean', default: false },
    out: { type: 'string' },
    record: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    resume: { type: 'string' },
    also: { type: 'string', multiple: true, default: [] },
  },
});
if (values.page) {
  // Only the tables and plots of what is recorded; nothing is run.
  await writePages();
  process.exit(0);
}
const parts = partsOf(values.part);
if ((values.n !== undefined || values.only !== undefined) && parts.length !== 1) {
  refuse('--n and --only belong to one part: name it with --part.');
}
if (values.record && (values.ci || values.only !== undefined)) {
  refuse('Recorded is a whole part: no --ci and no --only.');
}
if (values.resume !== undefined && !(parts.length === 1 && parts[0] === schedules)) {
  refuse('--resume belongs to one part: --part schedules.');
}
const seed = whole('--seed', values.seed);
const n = values.n === undefined ? null : whole('--n', values.n);

// Servers and workers end with this process only where it ends by itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

// A call that a closed connection was still to try again wakes up once more, and finds it closed.
process.on('uncaughtException', (error) => {
  if (error.message.includes('Channel has been shut down')) return;
  console.error(error);
  process.exit(1);
});

const proof: Proof = {
  schema: 'cb-response-playbook/proof/v1',
  at: new Date().toISOString(),
  machine: thisMachine(),
  seed,
  parts: [],
};
for (const part of parts) {
  const started = Date.now();
  const log = (line: string): void => console.error(`  ${line}`);
  console.error(`${part.name}: ${part.about} …`);
  const result = await part.run({
    seed,
    n,
    ci: values.ci,
    only: values.only ?? null,
    resume: values.resume === undefined ? null : { file: values.resume, also: values.also },
    log,
  });
  const tookSeconds = Math.round((Date.now() - started) / 1_000);
  console.error(`${part.name}: ${result.violations.length} violations, ${tookSeconds} s`);
  proof.parts.push({ name: part.name, at: new Date(started).toISOString(), tookSeconds, ...result });
}

if (values.record) await record(proof);
if (values.out) await write(values.out, JSON.stringify(proof));
console.log(tableOf(proof.parts));
const violations = proof.parts.flatMap((part) => part.violations);
for (const { what, replay } of violations) console.log(`\nVIOLATION: ${what}\n  again: ${replay}`);
const held = proof.parts.flatMap(({ rows }) => rows).every((row) => row.tried > 0 && row.held === row.tried);
process.exit(violations.length === 0 && held ? 0 : 1);

function partsOf(names: readonly string[] | undefined): readonly ProofPart[] {
  if (names === undefined) return PARTS.filter(({ inCi }) => inCi || !values.ci);
  return names.map(
    (name) =>
      PARTS.find((part) => part.name === name) ??
      refuse(`There is no part "${name}": ${PARTS.map((part) => part.name).join(', ')}.`),
  );
}

function whole(flag: string, text: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0
    ? value
    : refuse(`${flag} is a whole number above 0, not "${text}".`);
}

function refuse(why: string): never {
  console.error(why);
  process.exit(2);
}
