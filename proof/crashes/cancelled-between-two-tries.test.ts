import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { WorkflowHandle } from '@temporalio/client';
import {
  createDevServerEnvironment,
  type Containment,
  type DevServerEnvironment,
  type Outcome,
} from '../../testing/index.js';
import { waitFor } from '../../test/support/wait-for.js';
import { effectsOn, killedPids, openSessions, told } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { requestTo } from '../../test/chaos/points.js';
import { namespaceOfItsOwn } from '../../test/support/shared-dev-server.js';

const { hosts, scenario } = fleet(3);
const [opened, killed, unread] = hosts as [Host, Host, Host];
const BETWEEN_TWO_TRIES = 1;
let env: DevServerEnvironment;
before(async () => {
  env = await createDevServerEnvironment({ scenario, log: () => undefined, on: await namespaceOfItsOwn() });
});
after(() => env?.close());

async function waitsForItsNextTry(handle: WorkflowHandle): Promise<boolean> {
  const { raw } = await handle.describe();
  return (raw.pendingActivities ?? []).some(
    ({ activityType, state, attempt }) =>
      activityType?.name === 'enumerateAndKill' && Number(state) === BETWEEN_TWO_TRIES && (attempt ?? 0) > 1,
  );
}

/** Everything of Live Response fails from this request on, and the cancel comes while the activity waits for its next try. */
async function cancelledAfter(
  host: Host,
  when: ReturnType<typeof requestTo.open>,
  afterwards: () => void = () => undefined,
): Promise<Outcome> {
  const acted = env.simulator.hold({ ...when, when: 'after' });
  const run: Containment = await env.contain({ hostname: host.hostname, processName: 'evil.exe' });
  await acted.arrived;
  const fault = env.simulator.faults.add({ route: /^\/api\/v1\/cblr\//, kind: { status: 503 } });
  acted.release();
  await waitFor('the activity to wait for its next try', () => waitsForItsNextTry(run.handle));
  fault.remove();
  afterwards();
  await run.handle.cancel();
  return await run.outcome();
}

describe('A cancel that comes while the kill waits for its next try', () => {
  it('closes the session that an earlier try opened.', async () => {
    const { receipt, closed } = await cancelledAfter(opened, requestTo.open(opened));
    assert.equal(closed, 'cancelled');
    assert.deepEqual(await openSessions(env.simulator, opened), []);
    assert.deepEqual(
      receipt?.sessions.map(({ ours, closed: gone }) => ({ ours, gone })),
      [{ ours: true, gone: true }],
    );
  });

  it('knows whom an earlier try has killed, and does not say that nothing was changed.', async () => {
    const { receipt } = await cancelledAfter(killed, requestTo.killTheFirst(killed));
    const ledger = await effectsOn(env.simulator, killed);
    assert.deepEqual(killedPids(ledger), [killed.pids[0]]);
    assert.deepEqual(await openSessions(env.simulator, killed), [], told(ledger));
    assert.deepEqual(
      receipt?.processes.map(({ pid, outcome }) => [pid, outcome === 'killed']),
      killed.pids.map((pid, i) => [pid, i === 0]),
    );
    // The other one was seen alive: the host stays isolated.
    assert.equal(receipt.verdict, 'contained-partly');
  });

  // Found by `npm run proof -- --part schedules` (1101): it said that nothing was changed.
  it('knows it too where the server then lets nobody look, and leaves the host of a live match isolated.', async () => {
    const { faults } = env.simulator;
    const refused = { route: /^\/api\/v1\/cblr\//, kind: { status: 401, body: 'Unauthorized' } };
    let fault: { remove(): void } | null = null;
    const { receipt } = await cancelledAfter(unread, requestTo.killTheFirst(unread), () => {
      fault = faults.add(refused);
    });
    (fault as { remove(): void } | null)?.remove();
    assert.deepEqual(killedPids(await effectsOn(env.simulator, unread)), [unread.pids[0]]);
    assert.equal(receipt?.verdict, 'contained-partly', receipt?.summary);
    assert.ok(receipt.gaps.includes('process-alive'), receipt.gaps.join());
    assert.deepEqual(receipt.undo, []);
    assert.deepEqual(
      receipt.processes.map(({ pid, outcome }) => [pid, outcome === 'killed' || outcome === 'already-gone']),
      unread.pids.map((pid) => [pid, false]),
    );
    assert.deepEqual(
      receipt.sessions.map(({ ours, closed }) => ({ ours, closed })),
      [{ ours: true, closed: false }],
    );
  });
});
