import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Scenario } from '../../../simulator/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../../testing/index.js';
import { hostName, scenario } from '../../workflows/support/hosts.js';
import { runInLockStep, type Failure } from './lock-step.js';
import { scriptOf, scripts } from './script.js';

/**
 * LEASE_SEEDS=5000 runs so many seeds instead of 1000. LEASE_SEED=17 replays one, and where it fails looks for the
 * shortest script that fails.
 */
const SEEDS = Number(process.env['LEASE_SEEDS'] ?? 1_000);
const ONE = process.env['LEASE_SEED'] === undefined ? null : Number(process.env['LEASE_SEED']);
const BATCH = 125;
const SHRINKS = 60;

/** Tests of every second seed: two files share them, one for each core. `part` is what a seed leaves when halved. */
export function checkAgainstModel(part: 0 | 1): void {
  describe('The lease against a model of holders and holds', () => {
    if (ONE !== null) {
      if (ONE % 2 !== part) return;
      it(`does as the model says, seed ${ONE}.`, async (t) => {
        const script = scriptOf(ONE);
        t.diagnostic(JSON.stringify(script));
        await withHosts(SHRINKS + 1, async (env) => {
          let sensor = 1;
          const property = fc.asyncProperty(scripts, async (tried) => {
            const failures = await runInLockStep(env, [{ seed: ONE, script: tried }], sensor++);
            assert.deepEqual(failures, []);
          });
          await fc.assert(property, { examples: [[script]], numRuns: 1, maxSkipsPerRun: SHRINKS });
        });
      });
      return;
    }

    it(`does as the model says on every second of ${SEEDS} seeds.`, async (t) => {
      const failures: Failure[] = [];
      const began = performance.now();
      // Scripts of like length side by side: no batch takes more rounds than its own longest one.
      const ours = Array.from({ length: SEEDS }, (_, i) => i + 1)
        .filter((seed) => seed % 2 === part)
        .map((seed) => ({ seed, script: scriptOf(seed) }))
        .sort((a, b) => a.script.length - b.script.length);
      for (let first = 0; first < ours.length; first += BATCH) {
        const batch = ours.slice(first, first + BATCH);
        await withHosts(batch.length, async (env) => {
          failures.push(...(await runInLockStep(env, batch, 1)));
        });
      }
      const seconds = (performance.now() - began) / 1_000;
      t.diagnostic(
        `${ours.length} seeds in ${seconds.toFixed(1)} s, ${(ours.length / seconds).toFixed(1)} a second`,
      );
      assert.equal(failures.length, 0, failures.map(told).join('\n'));
    });
  });
}

async function withHosts(
  count: number,
  work: (env: PlaybookTestEnvironment) => Promise<void>,
): Promise<void> {
  await using env = await createPlaybookTestEnvironment({ scenario: hosts(count), checkinSeconds: 5 });
  await work(env);
}

function hosts(count: number): Scenario {
  return scenario(
    Array.from({ length: count }, (_, i) => ({
      id: i + 1,
      hostname: hostName(i + 1),
      ordinaryProcesses: false,
    })),
  );
}

function told({ seed, script, round, what }: Failure): string {
  return `LEASE_SEED=${seed} fails in round ${round}: ${what}\n  ${JSON.stringify(script)}`;
}
