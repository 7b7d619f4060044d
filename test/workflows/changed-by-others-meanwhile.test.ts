import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleet, hostName, md5Of } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

/** A server on which a second ban takes the first one's place, text and owner too (table 16, question 7). */
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: { ...fleet(2), groups: [1, 7].map((id) => ({ id, name: `Group ${id}` })) },
  knobs: { banPost: '200-enabled-409-disabled' },
});

describe('What somebody else changes between our read and our change', () => {
  it('a ban that a person made stays theirs, text and all, and is not lifted by an undo', async () => {
    const { simulator, cb } = env();
    const md5 = md5Of('given');
    const judged = simulator.hold({ method: 'GET', route: /\/blacklist\/.{32}$/, nth: 1, when: 'after' });
    const fault = simulator.faults.add({
      method: 'POST',
      route: '/api/v1/cblr/session',
      kind: { status: 412, body: 'Live Response is off' },
    });
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe', banMd5: [md5] });
    const ended = env().timePasses(run.outcome());
    await judged.arrived;
    await cb.bans.add(md5, 'Ana saw it first.');
    judged.release();
    const { receipt } = await ended;
    fault.remove();
    assert.equal(receipt?.bans.find((ban) => ban.md5 === md5)?.outcome, 'already-banned');
    const ban = await cb.bans.get(md5);
    assert.deepEqual([ban?.enabled, ban?.text], [true, 'Ana saw it first.']);
  });

  it('a host that was moved to another group stays there when the wish is written again', async () => {
    const { simulator, cb } = env();
    const route = '/api/v1/sensor/2';
    const fault = simulator.faults.add({
      ...{ method: 'PUT', route, times: 1 },
      kind: { status: 503, body: 'busy' },
    });
    const first = simulator.hold({ method: 'PUT', route, when: 'after' });
    const run = await env().contain({ hostname: hostName(2), processName: 'evil.exe' });
    const ended = env().timePasses(run.outcome());
    await first.arrived;
    assert.equal(fault.hits(), 1);
    await cb.sensors.setIsolation({ id: 2, groupId: 7 }, false);
    first.release();
    assert.equal((await ended).receipt?.verdict, 'contained');
    assert.equal((await cb.sensors.get(2))?.groupId, 7);
  });
});
