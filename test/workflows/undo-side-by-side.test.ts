import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RequestMatch } from '../../simulator/index.js';
import { effectsOn } from './support/aftermath.js';
import { REFUSED, REQUESTS } from './support/fault-table.js';
import { fleet, hostName, md5Of } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const env = withEnvironment({ checkinSeconds: 5, scenario: fleet(1) });

describe('A ban that cannot be lifted for a day', () => {
  it('does not keep the host cut off: it is released at once, and each problem is told once', async () => {
    const { faults } = env().simulator;
    const session = faults.add({ ...REQUESTS['open a session'](), kind: REFUSED['401'] });
    const unban = faults.add({ ...(REQUESTS.unban() as RequestMatch), kind: 'html-502' });
    const run = await env().contain({
      hostname: hostName(1),
      processName: 'evil.exe',
      banMd5: [md5Of('given')],
    });
    const { receipt } = await run.outcome();
    session.remove();
    unban.remove();
    assert.equal(receipt?.verdict, 'rollback-incomplete');
    assert.deepEqual(
      receipt.undo.map((u) => [u.change, u.outcome]),
      [
        ['ban', 'failed'],
        ['isolation', 'undone'],
      ],
    );
    const started = Date.parse(receipt.startedAt);
    assert.ok(Date.parse(receipt.endedAt) - started >= DAY, 'the ban was tried for a day');
    const [released] = await effectsOn(env(), 1, ['wish-cleared']);
    assert.ok(released, 'the wish was withdrawn');
    assert.ok(released.at - started < 60 * MINUTE, `${(released.at - started) / MINUTE} minutes`);
    assert.deepEqual(
      receipt.problems.map((p) => [p.step, p.type]),
      [['enumerate-and-kill', 'Unauthorized']],
    );
  });
});
