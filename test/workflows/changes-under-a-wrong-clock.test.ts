import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../activities/index.js';
import { CbResponse } from '../../cb-response/index.js';
import { startSimulator, virtualClock, type Simulator } from '../../simulator/index.js';
import { host, hostName, scenario } from './support/hosts.js';

const NOW = Date.UTC(2026, 0, 5, 8);
const HOUR_MS = 3_600_000;
const QUARTER_MS = 15 * 60_000;
const MD5 = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1';
let simulator: Simulator;
let cb: CbResponse;
before(async () => {
  simulator = await startSimulator({ scenario: scenario([host(1)]), clock: virtualClock(NOW) });
  cb = new CbResponse({ url: simulator.url, token: simulator.token });
});
after(async () => {
  cb?.close();
  await simulator?.close();
});

const client = {
  withAbortSignal: (_signal: AbortSignal, work: () => unknown) => work(),
  activity: { heartbeat: () => Promise.resolve() },
} as unknown as Client;

/** Activities of an attempt that Temporal scheduled at NOW, on a worker whose clock says these times one after the other. */
function worker(...times: number[]) {
  const clock = {
    now: () => (times.length > 1 ? (times.shift() as number) : (times[0] as number)),
    sleep: () => Promise.resolve(),
  };
  const info = { scheduledTimestampMs: NOW, currentAttemptScheduledTimestampMs: NOW };
  const env = new MockActivityEnvironment(info, { client });
  const { writeWish, ban, unban } = createActivities({ cb, clock });
  const within =
    <I, O>(activity: (input: I) => Promise<O>) =>
    async (input: I): Promise<O> => {
      const came: unknown = await env.run(activity, input);
      return came as O;
    };
  return { writeWish: within(writeWish), ban: within(ban), unban: within(unban) };
}

const target = () => ({
  ...{ server: cb.serverName, sensorId: 1, hostname: hostName(1), groupId: 1 },
  ...{ registration: null, osType: 'windows' as const },
});
const wish = (wanted: boolean) => ({ target: target(), groupId: 1, wanted, deadline: NOW + QUARTER_MS });
const banned = () => ({
  ...{ target: target(), md5: MD5, before: null, deadline: NOW + QUARTER_MS },
  run: { workflowId: 'contain/test', runId: 'run-1', who: null, reason: null },
});
const bansOf = async () => (await simulator.state()).bans.filter(({ enabled }) => enabled).length;

describe('A worker whose clock is an hour off', () => {
  for (const offMs of [HOUR_MS, -HOUR_MS]) {
    it(`isolates, releases, bans and unbans in time: ${offMs / HOUR_MS} h ahead`, async () => {
      const { writeWish, ban, unban } = worker(NOW + offMs);
      assert.equal((await writeWish(wish(true))).wish, true);
      assert.equal((await writeWish(wish(false))).wish, false);
      assert.equal((await ban(banned())).outcome, 'banned');
      const before = { enabled: false, text: '', username: null };
      const undo = await unban({ ...banned(), before: offMs > 0 ? null : before });
      assert.equal(undo.outcome, 'undone');
      assert.equal(await bansOf(), 0);
    });
  }
});

describe('A machine that slept in the midst of an attempt', () => {
  it('changes nothing when it wakes up an hour later', async () => {
    const changes = (await simulator.ledger()).length;
    const asleep = () => worker(NOW + 20, NOW + HOUR_MS);
    await assert.rejects(asleep().writeWish(wish(true)), { type: 'DeadlinePassed' });
    await assert.rejects(asleep().ban(banned()), { type: 'DeadlinePassed' });
    assert.equal((await simulator.ledger()).length, changes);
  });
});
