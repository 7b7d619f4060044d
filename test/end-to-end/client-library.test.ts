import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  type ContainmentStatus,
  DifferentRequestError,
  InvalidRequestError,
  NoSuchRunError,
  RequestRefusedError,
  RunTerminatedError,
  StillRunningError,
} from '../../client/index.js';
import { createDevServerEnvironment, type DevServerEnvironment } from '../../testing/index.js';
import { namespaceOfItsOwn } from '../support/shared-dev-server.js';

const VNC = { hostname: 'win7pro64', processName: 'vnc.exe' };
/** Microsoft's own: it is killed, and its hash is banned by nobody. */
const NOTES = { hostname: 'win7pro64', processName: 'stikynot.exe' };
const BY_PATH = { hostname: 'win7pro64', processPath: 'c:\\program files\\evil sticky notes\\vnc.exe' };

describe('the client library on a real Temporal', { timeout: 120_000 }, () => {
  let env: DevServerEnvironment;
  before(
    async () =>
      (env = await createDevServerEnvironment({
        scenario: 'evil-sticky-notes',
        checkinSeconds: 1,
        on: await namespaceOfItsOwn(),
      })),
  );
  after(() => env.close());

  it('starts a run, tells its progress, and reads its receipt', async () => {
    const steps: ContainmentStatus['step'][] = [];
    const run = await env.playbook.containEndpoint({ ...VNC, requestId: 'alert-1' });
    assert.equal(run.how, 'started');
    const receipt = await run.waitForReceipt({
      timeoutMs: 60_000,
      onStatus: (status) => steps.push(status.step),
    });
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.runId, run.runId);
    assert.ok(steps.length > 0);
  });

  it('gives for a requestId that was taken its run and its receipt, never a second run', async () => {
    const first = await env.playbook.receipt('win7pro64');
    const again = await env.playbook.containEndpoint({ ...VNC, requestId: 'alert-1' });
    assert.equal(again.how, 'repeated');
    assert.equal(again.runId, first.runId);
    assert.equal((await again.waitForReceipt()).runId, first.runId);
  });

  it('finds a requestId in an older run too', async () => {
    const first = await env.playbook.receipt('win7pro64');
    const second = await env.playbook.containEndpoint(VNC);
    assert.notEqual(second.runId, first.runId);
    await second.waitForReceipt({ timeoutMs: 60_000 });
    const again = await env.playbook.containEndpoint({ ...VNC, requestId: 'alert-1' });
    assert.deepEqual([again.how, again.runId], ['repeated', first.runId]);
  });

  it('two calls at once make one run, and both read the same receipt', async () => {
    const runs = await Promise.all([
      env.playbook.containEndpoint(VNC),
      env.playbook.containEndpoint(BY_PATH),
    ]);
    assert.deepEqual(runs.map((run) => run.how).sort(), ['joined', 'started']);
    assert.equal(runs[0]?.runId, runs[1]?.runId);
    const receipts = await Promise.all(runs.map((run) => run.waitForReceipt({ timeoutMs: 60_000 })));
    assert.equal(receipts[0]?.verdict, 'contained');
    assert.deepEqual(receipts[0], receipts[1]);
    assert.equal(receipts[0].requestedBy.length, 2);
  });

  it('joins a run with a foreign id, refuses what cannot be one with it, and never starts one', async () => {
    const hold = env.simulator.hold({ method: 'POST', route: /\/cblr\/session$/, when: 'before' });
    const { runId } = await env.contain(VNC, { workflowId: 'alert-4711' });
    await hold.arrived;
    const joined = await env.playbook.join('alert-4711', NOTES);
    assert.equal(joined.how, 'joined');
    assert.equal(joined.runId, runId);
    await assert.rejects(env.playbook.join('alert-4711', { ...VNC, sensorId: 2 }), DifferentRequestError);
    await assert.rejects(
      env.playbook.join('alert-4711', { ...VNC, processName: 'lsass.exe' }),
      RequestRefusedError,
    );
    await assert.rejects(env.playbook.receipt('alert-4711'), StillRunningError);
    hold.release();
    assert.equal((await joined.waitForReceipt({ timeoutMs: 60_000 })).requestedBy.length, 2);
    await assert.rejects(env.playbook.join('alert-4711', NOTES), NoSuchRunError);
    await assert.rejects(env.playbook.join('nowhere', NOTES), NoSuchRunError);
  });

  it('waits for a run that is about to close, and starts anew', async () => {
    const second = { hostname: 'win7pro64-2', processName: 'vnc.exe' };
    const opened = env.simulator.hold({ method: 'POST', route: /\/cblr\/session$/, when: 'before' });
    const first = await env.playbook.containEndpoint(second);
    await opened.arrived;
    const undone = env.simulator.hold({ method: 'PUT', route: /\/sensor\//, when: 'before' });
    await first.cancel({ policy: 'release', who: 'ann', why: 'false alarm' });
    opened.release();
    await undone.arrived;
    const closing: string[] = [];
    const starting = env.playbook.containEndpoint(second, {
      onClosing: (run) => {
        closing.push(run.runId);
        undone.release();
      },
    });
    const anew = await starting;
    assert.deepEqual(closing, [first.runId]);
    assert.equal(anew.how, 'started');
    assert.notEqual(anew.runId, first.runId);
    const receipt = await first.waitForReceipt();
    assert.equal(receipt.verdict, 'rolled-back');
    assert.deepEqual(receipt.failurePolicy, { policy: 'release', changedBy: 'ann', why: 'false alarm' });
    assert.equal((await anew.waitForReceipt({ timeoutMs: 60_000 })).verdict, 'contained');
  });

  it('stops waiting when told to, and when its time is over; the run goes on', async () => {
    const hold = env.simulator.hold({ method: 'POST', route: /\/cblr\/session$/, when: 'before' });
    const run = await env.playbook.containEndpoint(VNC);
    await hold.arrived;
    await assert.rejects(run.waitForReceipt({ timeoutMs: 300 }), StillRunningError);
    const stop = new AbortController();
    const waiting = run.waitForReceipt({ signal: stop.signal });
    stop.abort(new Error('the caller has enough'));
    await assert.rejects(waiting, /the caller has enough/);
    assert.equal((await run.status()).step, 'enumerate-and-kill');
    hold.release();
    assert.equal((await run.waitForReceipt({ timeoutMs: 60_000 })).verdict, 'contained');
  });

  it('of a terminated run says that the host may still be isolated', async () => {
    const hold = env.simulator.hold({ method: 'POST', route: /\/cblr\/session$/, when: 'before' });
    const run = await env.playbook.containEndpoint({ ...VNC, requestId: 'alert-2' });
    await hold.arrived;
    await env.client.workflow.getHandle(run.workflowId, run.runId).terminate('a test');
    hold.release();
    await assert.rejects(run.waitForReceipt(), RunTerminatedError);
    await assert.rejects(env.playbook.status('win7pro64'), RunTerminatedError);
  });

  it('starts nothing for a request that is wrong', async () => {
    await assert.rejects(
      env.playbook.containEndpoint({ hostname: 'new*', processName: 'a' }),
      InvalidRequestError,
    );
    await assert.rejects(env.playbook.status('new*'), InvalidRequestError);
  });

  it('sees who polls and that no search attribute is missing', async () => {
    const check = await env.playbook.check();
    assert.ok(check.pollers.workflows.length > 0 && check.pollers.liveResponse.length > 0);
    assert.deepEqual(check.missingSearchAttributes, []);
  });
});
