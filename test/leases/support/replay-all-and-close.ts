import assert from 'node:assert/strict';
import type { DevServerEnvironment } from '../../../testing/index.js';

/** The end of a file on a dev server: every run of its namespace is replayed, then the environment ends. */
export async function replayAllAndClose(env: DevServerEnvironment | undefined): Promise<void> {
  if (env === undefined) return;
  try {
    assert.ok((await env.replayAll()) > 0);
  } finally {
    await env.close();
  }
}
