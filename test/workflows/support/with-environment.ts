import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  createPlaybookTestEnvironment,
  type EnvironmentOptions,
  type PlaybookTestEnvironment,
} from '../../../testing/index.js';

/**
 * One time-skipping environment for the tests of this file, which run one after the other. At the end every run that
 * the file started is replayed from its history.
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

/** Replays every run of a file's environment from its history, then ends it. */
export async function replayAndClose(env: PlaybookTestEnvironment): Promise<void> {
  try {
    assert.ok((await env.replayAll()) > 0, 'a file that starts no run tests nothing');
    assert.deepEqual(env.simulator.unknownRoutes(), []);
  } finally {
    await env.close();
  }
}
