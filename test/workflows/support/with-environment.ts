import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  createPlaybookTestEnvironment,
  type EnvironmentOptions,
  type PlaybookTestEnvironment,
} from '../../../testing/index.js';
import { allRuns, historiesOf, spread } from '../../../testing/replay.js';
import { keepForReplay } from './replay-at-the-end.js';

/** A file that starts thirty runs alike replays some of them, evenly spread. */
const MOST_REPLAYS = 2;

/**
 * One time-skipping environment for the tests of this file, which run one after the other. At the end of the
 * process runs that the file started are replayed from their histories.
 */
export function withEnvironment(o: EnvironmentOptions): () => PlaybookTestEnvironment {
  let env: PlaybookTestEnvironment | undefined;
  before(async () => {
    env = await createPlaybookTestEnvironment({ checkinPhase: 0.1, ...o });
  });
  after(async () => {
    if (env !== undefined) await replayAndClose(env);
  });
  return () => {
    assert.ok(env, 'the environment is there while tests run');
    return env;
  };
}

/** Keeps histories of runs of a file's environment for the replay at the end of the process, then ends it. */
export async function replayAndClose(env: PlaybookTestEnvironment): Promise<void> {
  try {
    const runs = spread(await allRuns(env.temporal.client, env.namespace), MOST_REPLAYS);
    assert.ok(runs.length > 0, 'a file that starts no run tests nothing');
    keepForReplay(await historiesOf(env.temporal.client, runs, [env.simulator.token]));
    assert.deepEqual(env.simulator.unknownRoutes(), []);
  } finally {
    await env.close();
  }
}
