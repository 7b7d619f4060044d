import type { Scenario } from '../../../simulator/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../../testing/index.js';
import { hostName, scenario } from '../../workflows/support/hosts.js';
import { runInLockStep, type Failure } from './lock-step.js';
import { scriptOf } from './script.js';

/** Seeds on one environment, a sensor each. */
const BATCH = 125;

/**
 * What the lease did otherwise than the model says, over the scripts of these seeds: batch by batch on an environment of
 * their own, so many batches side by side.
 */
export async function checkSeeds(seeds: readonly number[], o: { sideBySide: number }): Promise<Failure[]> {
  // Scripts of like length side by side: no batch takes more rounds than its own longest one.
  const left = seeds
    .map((seed) => ({ seed, script: scriptOf(seed) }))
    .sort((a, b) => a.script.length - b.script.length);
  const failures: Failure[] = [];
  const lane = async (): Promise<void> => {
    for (let batch = left.splice(0, BATCH); batch.length > 0; batch = left.splice(0, BATCH)) {
      const now = batch;
      await withHosts(now.length, async (env) => void failures.push(...(await runInLockStep(env, now, 1))));
    }
  };
  await Promise.all(Array.from({ length: o.sideBySide }, lane));
  return failures;
}

export async function withHosts(
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
