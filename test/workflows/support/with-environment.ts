import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  createPlaybookTestEnvironment,
  type EnvironmentOptions,
  type PlaybookTestEnvironment,
} from '../../../testing/index.js';

/** A file that starts sixty runs alike replays a few of each kind. */
const MOST_REPLAYS = 12;

/**
 * One time-skipping environment for the tests of this file, which run one after the other. At the end runs that the
 * file started are replayed from their histories.
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

/** Replays runs of a file's environment from their histories, then ends it. */
export async function replayAndClose(env: PlaybookTestEnvironment): Promise<void> {
  try {
    assert.ok((await env.replayAll({ atMost: MOST_REPLAYS })) > 0, 'a file that starts no run tests nothing');
    assert.deepEqual(env.simulator.unknownRoutes(), []);
  } finally {
    await env.close();
  }
}
