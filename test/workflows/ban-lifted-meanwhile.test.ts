import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aftermath } from './support/aftermath.js';
import { REFUSED } from './support/fault-table.js';
import { EVIL_PATH, evil, fleet, hostName, md5Of } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const SAME = md5Of('same');
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(3, (n) => ({ processes: [evil(n, { binary: n === 3 ? 'evil-3' : 'same' })] })),
});
const banned = async (md5: string) =>
  (await aftermath(env(), 1, { path: EVIL_PATH, md5s: [md5] })).banned.length === 1;
const open = (n: number) => ({
  method: 'POST',
  route: '/api/v1/cblr/session',
  bodyIncludes: { sensor_id: n },
});

describe('A ban that is lifted before the run ends', () => {
  it('by the rollback of the run that made it is a gap of the run that found it', async () => {
    const fault = env().simulator.faults.add({ ...open(1), kind: REFUSED['401'] });
    const first = env().simulator.hold({ ...open(1), when: 'before' });
    const second = env().simulator.hold({ ...open(2), when: 'before' });
    const made = env().simulator.hold({ method: 'POST', route: /\/blacklist$/, when: 'after' });

    const a = await env().contain({ hostname: hostName(1), processName: 'evil.exe', banMd5: [SAME] });
    await made.arrived;
    const read = env().simulator.hold({ method: 'GET', route: /\/blacklist\/.{32}$/, nth: 2, when: 'after' });
    made.release();
    await first.arrived;
    const b = await env().contain({ hostname: hostName(2), processName: 'evil.exe', banMd5: [SAME] });
    await Promise.all([second.arrived, read.arrived]);
    read.release();
    first.release();
    const rolledBack = await a.outcome();
    fault.remove();
    assert.equal(rolledBack.receipt?.verdict, 'rolled-back');
    assert.equal(await banned(SAME), false);

    second.release();
    const { receipt } = await b.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['ban-refused']);
    assert.deepEqual(
      receipt.bans.map((ban) => [ban.md5, ban.outcome]),
      [[SAME, 'failed']],
    );
    assert.deepEqual(
      receipt.problems.map((p) => [p.step, p.type]),
      [['settle', 'BanLifted']],
    );
    assert.equal(receipt.hostState.fact, true, 'the host stays isolated');
  });

  it('by a person is respected, and is a gap', async () => {
    const close = env().simulator.hold({ method: 'PUT', route: /\/cblr\/session\/\d+$/, when: 'before' });
    const md5 = md5Of('given');
    const run = await env().contain({ hostname: hostName(3), processName: 'evil.exe', banMd5: [md5] });
    const ended = env().timePasses(run.outcome());
    await close.arrived;
    assert.equal(await banned(md5), true);
    await env().cb.bans.disable(md5);
    close.release();
    const { receipt } = await ended;
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['ban-refused']);
    assert.match(receipt.bans.find((b) => b.md5 === md5)?.why ?? '', /lifted/);
    assert.equal(await banned(md5), false, 'and not banned anew');
  });
});
