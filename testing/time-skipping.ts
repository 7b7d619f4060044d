import { TestWorkflowEnvironment } from '@temporalio/testing';
import { requireTemporalBinary } from '../scripts/temporal-binaries.mjs';
import { assemble, type EnvironmentOptions, type PlaybookTestEnvironment } from './environment.js';
import { quietRuntime } from './quiet-runtime.js';
import { serverTime } from './server-time.js';
import { sharedClock } from './shared-clock.js';

/**
 * Temporal's time-skipping server, the Cb simulator and the playbook's workers on one clock: a host that is offline
 * for 72 hours is a test of milliseconds. One environment a test file, and its tests one after the other: time is the
 * server's, not the workflow's.
 *
 * Time skips while an `outcome` or `timePasses` is awaited and during `sleep`, never otherwise.
 * The server has no list by query, no schedules and no reset; for those take {@link createDevServerEnvironment}.
 *
 * @example
 * await using env = await createPlaybookTestEnvironment({ scenario: 'evil-sticky-notes' });
 * const run = await env.contain({ hostname: 'win7pro64', processName: 'vnc.exe' });
 * assert.equal((await run.outcome()).receipt?.verdict, 'contained');
 * await env.replayAll();
 */
export async function createPlaybookTestEnvironment(o: EnvironmentOptions): Promise<PlaybookTestEnvironment> {
  quietRuntime();
  const server = {
    executable: { type: 'existing-path', path: requireTemporalBinary('testServer') },
  } as const;
  // The SDK waits five seconds for the server, which a busy machine may need: once more, then.
  const temporal = await TestWorkflowEnvironment.createTimeSkipping({ server }).catch(() =>
    TestWorkflowEnvironment.createTimeSkipping({ server }),
  );
  const time = serverTime(() => temporal.currentTimeMs());
  const clock = sharedClock(() => time.now());
  return await assemble(temporal, clock, { ...o, activityInterceptors: [time.interceptor] });
}
