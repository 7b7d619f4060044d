import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../activities/index.js';
import { CbResponse } from '../../cb-response/index.js';
import type { KillInstance, KillProgress, SettleSessionResult } from '../../contract/index.js';
import { startSimulator, type FaultKind, type Simulator } from '../../simulator/index.js';
import { EVIL_PATH, fleet, hostName } from './support/hosts.js';

const START = Date.UTC(2026, 0, 5, 8);
let time = START;
const clock = {
  now: () => time,
  sleep: (ms: number) => {
    time += ms;
    return new Promise<void>((resolve) => setImmediate(resolve));
  },
};
let simulator: Simulator;
let cb: CbResponse;
before(async () => {
  simulator = await startSimulator({ scenario: fleet(9), clock, checkinSeconds: 5, checkinPhase: 0.1 });
  cb = new CbResponse({ url: simulator.url, token: simulator.token });
});
after(async () => {
  cb?.close();
  await simulator?.close();
});

/** What an activity left behind that had listed evil.exe and killed it, or was about to. */
async function leftBehind(n: number, more: Partial<KillProgress>): Promise<KillProgress> {
  const { sensors } = await simulator.state();
  const process = sensors.find((s) => s.id === n)?.processes.find((p) => p.path === EVIL_PATH);
  assert.ok(process);
  const { guid, pid, parentGuid, path, md5 } = process;
  const instance: KillInstance = {
    ...{
      guid,
      pid,
      parentGuid,
      path,
      md5,
      hashSource: 'index',
      commandLine: null,
      username: null,
      startedAt: null,
    },
    ...{ outcome: 'unknown', why: null, at: new Date(time).toISOString(), round: 1, selectors: [0] },
    ...{ kills: [], noSuchPid: false, denied: false },
  };
  return {
    ...{ startedAt: time, budgetFrom: time, slotAt: time, sessionsBefore: null, sessionId: null },
    ...{ sessionOurs: false, username: 'api', round: 1, listed: true, liveMatches: 1, lastListAt: time },
    ...{ instances: [instance], sessions: [], notes: [] },
    ...{ newestBeforeKills: null, evidenceFrom: null, evidence: [] },
    ...more,
  };
}

const ours = (id: number): Partial<KillProgress> => ({
  sessionId: id,
  sessionOurs: true,
  sessions: [{ id, ours: true, closed: false, why: null }],
});

function settle(n: number, progress: KillProgress, activity = new MockActivityEnvironment()) {
  const run = { workflowId: 'contain/x', runId: 'r', who: null, reason: null };
  const target = {
    ...{ server: cb.serverName, sensorId: n, hostname: hostName(n), registration: null, groupId: 1 },
    osType: 'windows' as const,
  };
  const work = createActivities({ cb, clock }).settleSession;
  const input = { target, run, progress };
  return activity.run<[typeof input], SettleSessionResult, typeof work>(work, input);
}

async function activeSession(n: number): Promise<number> {
  const { id } = await cb.liveResponse.open(n);
  await clock.sleep(6_000);
  assert.equal((await cb.liveResponse.session(id))?.status, 'active');
  return id;
}

const statusOf = async (id: number) => (await simulator.state()).sessions.find((s) => s.id === id)?.status;

describe('Settling a session', () => {
  it('leaves an analyst’s alone where ours is known and gone.', async () => {
    const theirs = await simulator.act.openSessionAs(1, 'analyst');
    const result = await settle(1, await leftBehind(1, { sessionsBefore: [], ...ours(999) }));
    assert.deepEqual(
      result.sessions.map((s) => [s.id, s.closed]),
      [[999, true]],
    );
    assert.equal(await statusOf(theirs), 'pending');
  });

  it('closes the one that our POST opened though its answer never came.', async () => {
    const { id } = await cb.liveResponse.open(2);
    const result = await settle(2, await leftBehind(2, { sessionsBefore: [] }));
    assert.deepEqual(
      result.sessions.map((s) => [s.id, s.ours, s.closed]),
      [[id, true, true]],
    );
    assert.equal(await statusOf(id), 'close');
  });

  it('leaves that one open where somebody else has used it.', async () => {
    const theirs = await simulator.act.openSessionAs(3, 'analyst');
    await simulator.act.commandAs(theirs, { name: 'process list' }, 'analyst');
    const result = await settle(3, await leftBehind(3, { sessionsBefore: [] }));
    assert.deepEqual(result.sessions, []);
    assert.equal(await statusOf(theirs), 'pending');
  });

  it('leaves one open that may be pending for another time than our POST asked for.', async () => {
    const theirs = await simulator.act.openSessionAs(8, 'analyst');
    const result = await settle(8, await leftBehind(8, { sessionsBefore: [], askedTimeoutS: 10 }));
    assert.deepEqual(result.sessions, []);
    assert.equal(await statusOf(theirs), 'pending');
  });

  it('closes one that may be pending for as long as our POST asked for.', async () => {
    const { id } = await cb.liveResponse.open(9, { checkinTimeoutS: 10 });
    const result = await settle(9, await leftBehind(9, { sessionsBefore: [], askedTimeoutS: 10 }));
    assert.deepEqual(
      result.sessions.map((s) => [s.id, s.ours, s.closed]),
      [[id, true, true]],
    );
    assert.equal(await statusOf(id), 'close');
  });

  it('ends and closes it though the sensor has fallen silent, and says nothing about who is dead.', async () => {
    const id = await activeSession(4);
    await simulator.act.goOffline(4);
    const began = time;
    const result = await settle(4, await leftBehind(4, ours(id)));
    assert.ok(time - began < 3 * 60_000, `it took ${time - began} ms`);
    assert.equal(await statusOf(id), 'close');
    assert.deepEqual(
      result.processes.map((p) => p.outcome),
      ['unknown'],
    );
  });

  for (const [n, what, kind] of [
    [5, 'fails', 'html-502'],
    [6, 'is empty', 'empty'],
  ] as const) {
    it(`closes it where the last list ${what}, and takes nobody for dead.`, async () => {
      const id = await activeSession(n);
      const list = { id: 1, session_id: id, sensor_id: n, name: 'process list', status: 'complete' };
      const empty: FaultKind = { status: 200, body: { ...list, result_code: 0, processes: [] } };
      const fault = simulator.faults.add({
        method: 'POST',
        bodyIncludes: { name: 'process list', session_id: id },
        kind: kind === 'empty' ? empty : kind,
      });
      const result = await settle(n, await leftBehind(n, ours(id)));
      assert.equal(fault.hits(), 1);
      assert.equal(await statusOf(id), 'close');
      assert.deepEqual(
        result.processes.map((p) => p.outcome),
        ['unknown'],
      );
    });
  }

  it('closes it though it is cancelled on the way.', async () => {
    const id = await activeSession(7);
    const activity = new MockActivityEnvironment();
    const posted = simulator.hold({
      method: 'POST',
      bodyIncludes: { name: 'process list', session_id: id },
      when: 'after',
    });
    const settled = assert.rejects(settle(7, await leftBehind(7, ours(id)), activity));
    await posted.arrived;
    activity.cancel();
    posted.release();
    await settled;
    assert.equal(await statusOf(id), 'close');
  });
});
