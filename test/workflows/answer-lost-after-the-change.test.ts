import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultKind, RequestMatch } from '../../simulator/index.js';
import { aftermath, effectsOn } from './support/aftermath.js';
import { REFUSED, REQUESTS } from './support/fault-table.js';
import { EVIL_PATH, fleet, hostName, md5Of } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({ checkinSeconds: 5, scenario: fleet(7) });
const given = (n: number) => md5Of(`given-${n}`);
const left = (n: number) => aftermath(env(), n, { path: EVIL_PATH, md5s: [given(n)] });
const ofBan = (n: number): RequestMatch => ({
  method: 'GET',
  route: new RegExp(`/banning/blacklist/${given(n)}$`, 'i'),
});
const ofWish = (n: number): RequestMatch => ({ method: 'GET', route: `/api/v1/sensor/${n}` });

/** From the moment a change has acted its answer is whole, and the look at what it did is refused. */
async function readBackFails(
  n: number,
  change: RequestMatch,
  read: RequestMatch,
  o: { kind?: FaultKind; times?: number; request?: object; beside?: RequestMatch } = {},
) {
  const { simulator } = env();
  const acted = simulator.hold({ ...change, when: 'after' });
  const beside = o.beside && simulator.faults.add({ ...o.beside, kind: REFUSED['401'] });
  const run = await env().contain({
    hostname: hostName(n),
    processName: 'evil.exe',
    banMd5: [given(n)],
    ...o.request,
  });
  await acted.arrived;
  const fault = simulator.faults.add({ ...read, kind: o.kind ?? REFUSED['403'], times: o.times });
  acted.release();
  const { receipt } = await run.outcome();
  assert.ok(fault.hits() > 0, 'the read-back was refused');
  fault.remove();
  beside?.remove();
  assert.ok(receipt);
  return receipt;
}

const ADD = REQUESTS.ban() as RequestMatch;
const PLACE = (n: number) => REQUESTS['write the wish'](n) as RequestMatch;
const SESSION = REQUESTS['open a session']() as RequestMatch;

describe('A ban that acted and cannot be read back', () => {
  it('for a moment is banned, once', async () => {
    const receipt = await readBackFails(1, ADD, ofBan(1), { times: 1 });
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.bans.find((b) => b.md5 === given(1))?.outcome, 'banned');
    const made = await effectsOn(env(), 1, ['banned']);
    assert.equal(made.filter((e) => e.md5?.toUpperCase() === given(1)).length, 1);
  });

  it('for a moment is undone when the run fails', async () => {
    const receipt = await readBackFails(2, ADD, ofBan(2), { times: 1, beside: SESSION });
    assert.equal(receipt.verdict, 'rolled-back', JSON.stringify(receipt.problems));
    assert.deepEqual((await left(2)).banned, []);
  });

  it('ever again is no refusal: its undo is tried, and what still stands is named', async () => {
    const receipt = await readBackFails(3, ADD, ofBan(3), { beside: SESSION });
    assert.equal(receipt.verdict, 'rollback-incomplete', JSON.stringify(receipt.problems));
    assert.deepEqual(
      receipt.undo.filter((u) => u.change === 'ban').map((u) => [u.target, u.outcome]),
      [[given(3), 'failed']],
    );
    assert.deepEqual((await left(3)).banned, [given(3)]);
  });

  it('until the ban is given up is undone with the run, never left behind by one that is rolled back', async () => {
    const receipt = await readBackFails(7, ADD, ofBan(7), {
      times: 2,
      // Another ban fails the run; both have come to their end by then.
      beside: { ...ADD, bodyIncludes: { md5hash: given(8) } },
      request: { processName: undefined, kill: false, isolate: false, banMd5: [given(7), given(8)] },
    });
    assert.equal(receipt.verdict, 'rolled-back', JSON.stringify(receipt.undo));
    assert.deepEqual(
      receipt.undo.map((u) => [u.target, u.outcome]),
      [[given(7), 'undone']],
    );
    // Found by `npm run proof -- --part kill-points`: a ban that was made and undone was told as failed.
    assert.equal(receipt.bans.find((b) => b.md5 === given(7))?.outcome, 'banned');
    assert.deepEqual((await left(7)).banned, []);
  });
});

describe('A wish that acted and cannot be read back', () => {
  it('for a moment is placed, once', async () => {
    const receipt = await readBackFails(4, PLACE(4), ofWish(4), { times: 1 });
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.isolation.outcome, 'isolated');
    assert.equal((await effectsOn(env(), 4, ['wish-set'])).length, 1);
  });

  it('for longer is no refusal: it is looked at again until it is known, and placed once', async () => {
    const receipt = await readBackFails(5, PLACE(5), ofWish(5), { times: 3 });
    assert.equal(receipt.verdict, 'contained', JSON.stringify(receipt.problems));
    assert.equal((await effectsOn(env(), 5, ['wish-set'])).length, 1);
  });
});

describe('A ban of which every answer is lost', () => {
  it('is not "nothing was changed" under keep', async () => {
    const receipt = await readBackFails(6, ADD, ofBan(6), {
      kind: 'cut',
      request: { processName: undefined, isolate: false, kill: false, onFailure: 'keep' },
    });
    assert.deepEqual((await left(6)).banned, [given(6)]);
    assert.equal(receipt.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['ban-refused']);
    assert.equal(receipt.bans[0]?.outcome, 'failed');
  });
});
