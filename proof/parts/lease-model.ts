import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkSeeds, withHosts } from '../../test/leases/model/check-seeds.js';
import { runInLockStep } from '../../test/leases/model/lock-step.js';
import { scriptOf, scripts } from '../../test/leases/model/script.js';
import { replayCommand, type PartResult, type ProofPart, type Violation } from '../part.js';

const SEEDS = 1_000;
/** Tries to find a shorter script that fails, when one seed is replayed. */
const SHRINKS = 60;

const row = (tried: number, held: number, measured: string): PartResult['rows'][number] => ({
  attack: 'lease: random holds, ends, extensions, releases, changes at the console, terminated leases',
  promise: 'wish, fact, holds and ledger as a plain model of them says, after each round',
  tried,
  held,
  measured,
});

/** The lease against a model of holders and holds, in skipped time. The first seed is `--seed`, the others follow. */
export const leaseModel: ProofPart = {
  name: 'lease-model',
  about: 'random lives of leases against a model',
  inCi: true,
  async run({ seed, n, only, log }) {
    if (only !== null) return await replay(Number(only), log);
    const seeds = Array.from({ length: n ?? SEEDS }, (_, i) => seed + i);
    const began = performance.now();
    const failures = await checkSeeds(seeds, { sideBySide: 2 });
    const seconds = (performance.now() - began) / 1_000;
    const violations: Violation[] = failures.map(({ seed: failed, round, what, script }) => ({
      what: `seed ${failed}, round ${round}: ${what}\n  ${JSON.stringify(script)}`,
      replay: replayCommand('lease-model', { seed }, String(failed)),
    }));
    const measured = `${Math.round(seconds)} s`;
    return {
      rows: [row(seeds.length, seeds.length - failures.length, measured)],
      violations,
      data: { seeds: seeds.length, seconds: Math.round(seconds) },
    };
  },
};

/** One seed; where it fails, the shortest script that fails too. */
async function replay(seed: number, log: (line: string) => void): Promise<PartResult> {
  const script = scriptOf(seed);
  log(JSON.stringify(script));
  const violations: Violation[] = [];
  await withHosts(SHRINKS + 1, async (env) => {
    let sensor = 1;
    const property = fc.asyncProperty(scripts, async (tried) => {
      assert.deepEqual(await runInLockStep(env, [{ seed, script: tried }], sensor++), []);
    });
    const told = await fc.check(property, { examples: [[script]], numRuns: 1, maxSkipsPerRun: SHRINKS });
    if (told.failed) {
      violations.push({
        what: fc.defaultReportMessage(told) ?? 'It failed.',
        replay: replayCommand('lease-model', { seed }, String(seed)),
      });
    }
  });
  return { rows: [row(1, 1 - violations.length, '')], violations, data: { seed, script } };
}
