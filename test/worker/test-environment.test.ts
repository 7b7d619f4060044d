import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { historyText } from '../support/history-text.js';
import { plainStart } from '../support/plain-start.js';

const THREE_DAYS_MS = 72 * 3_600_000;
const CANARY = 'canary0canary1canary2canary3canary4canary';

let env: PlaybookTestEnvironment;
before(async () => {
  env = await createPlaybookTestEnvironment({
    scenario: 'offline-host',
    token: CANARY,
    activityOverrides: {
      // A fault of the worst kind: everything an error can carry, with the token in it.
      resolve: () =>
        Promise.reject(
          Object.assign(new Error(`request failed, X-Auth-Token: ${CANARY}`), {
            config: { headers: { 'X-Auth-Token': CANARY } },
          }),
        ),
    },
  });
});
after(() => env?.close());

describe('The test environment', () => {
  it('keeps sensors and Temporal on one clock: a laptop comes online after three days, in a moment', async () => {
    const laptop = async () => (await env.simulator.state()).sensors.find((s) => s.hostname === 'LAPTOP-3D');
    const started = { real: Date.now(), virtual: await env.clock.now() };
    assert.equal((await laptop())?.online, false);
    await env.sleep(THREE_DAYS_MS + 60_000);
    assert.equal((await laptop())?.online, true);
    assert.ok((await env.clock.now()) - started.virtual >= THREE_DAYS_MS);
    assert.ok(Date.now() - started.real < 10_000, 'three days take seconds at most');
  });

  it('lets a sleep on the shared clock pass for the simulator at once, and not for Temporal', async () => {
    const [temporal, shared] = [await env.temporal.currentTimeMs(), await env.clock.now()];
    const real = Date.now();
    await env.clock.sleep(30_000);
    assert.ok(Date.now() - real < 1_000);
    assert.ok((await env.clock.now()) - shared >= 30_000);
    assert.ok((await env.temporal.currentTimeMs()) - temporal < 30_000);
    assert.ok((await env.simulator.state()).now - shared >= 30_000);
  });

  it('gives the outcome of a failed run as a value, and its history replays', async () => {
    const run = await env.contain({ hostnam: 'typo' } as never, { workflowId: 'typo' });
    const { closed, type, receipt } = await env.timePasses(run.outcome());
    assert.deepEqual({ closed, type, receipt }, { closed: 'failed', type: 'InvalidRequest', receipt: null });
    assert.equal(await env.replayAll(), 1);
  });

  it('skips no further than a run needs', async () => {
    const before = await env.clock.now();
    await (await env.contain({ hostname: '' }, { workflowId: 'empty' })).outcome();
    const passed = (await env.clock.now()) - before;
    assert.ok(passed < 3_600_000, `${passed} ms passed for a run that closes at once`);
  });

  it('finds the token of its simulator in a history, when it replays them', async () => {
    const memo = { note: Buffer.from(`x${CANARY}`).toString('base64') };
    await (await env.contain({ hostname: '' }, { workflowId: 'planted', memo })).outcome();
    await assert.rejects(
      env.replayAll(),
      /\nplanted holds a secret \(protobuf, base64 \(1\): .*note.*\[here\]/,
    );
  });

  it('keeps the token of a failing activity out of history', async () => {
    const run = await plainStart(env.client, { hostname: 'laptop-3d', processName: 'evil.exe' }, 'leaky');
    let pending;
    while (!pending?.lastFailure) {
      await env.sleep(100);
      pending = (await run.describe()).raw.pendingActivities?.[0];
    }
    const seen = historyText([pending, await run.fetchHistory()]);
    assert.doesNotMatch(seen, new RegExp(CANARY));
    assert.match(pending.lastFailure.message ?? '', /X-Auth-Token: \[secret\]/);
    assert.equal(pending.lastFailure.applicationFailureInfo?.type, 'Unexpected');
    await run.terminate();
    await assert.rejects(run.result(), (error: Error) => !(error.cause instanceof ApplicationFailure));
  });
});
