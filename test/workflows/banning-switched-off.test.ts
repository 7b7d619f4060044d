import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ContainRequest } from '../../contract/index.js';
import { evil, evilMd5, host, hostName, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const LAX = 7;
const COPY = 'c:\\tools\\copy.exe';
/** The same file under a name that nobody asks for: only a ban stops it. */
const copy = (n: number) => evil(n, { path: COPY, pid: 2500 });
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: scenario(
    [
      host(1, { groupId: LAX, processes: [evil(1), copy(1)] }),
      host(2, { processes: [evil(2), copy(2)] }),
      host(3),
      host(4, { groupId: LAX }),
      // In a group that enforces bans.
      host(5, { processes: [copy(1)] }),
    ],
    {
      groups: [
        { id: 1, name: 'Default Group' },
        { id: LAX, name: 'Lab', bansEnforced: false },
      ],
    },
  ),
});
const turn = (banningEnabled: boolean) => env().simulator.act.turn({ banningEnabled });
const OFF_FOR_GROUP = 'Banning is off for the group Lab: bans are recorded and not enforced on this host.';
const OFF_ON_SERVER = 'Banning is off on the server: bans are recorded and enforced nowhere.';

async function contain(n: number, more: Partial<ContainRequest> = {}) {
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe', ...more });
  const { receipt } = await run.outcome();
  assert.ok(receipt);
  assert.equal(receipt.verdict, 'contained');
  // Long enough for every host to have checked in.
  await env().sleep('30s');
  const { bans, sensors } = await env().simulator.state();
  return {
    notes: receipt.notes.filter((note) => note.startsWith('Banning is off')),
    told: receipt.bans.map((b) => [b.md5, b.outcome, b.enforcedOnTarget]),
    recorded: bans.some((b) => b.enabled && b.md5.toUpperCase() === evilMd5(n)),
    copiesOn: sensors.filter((s) => s.processes.some((p) => p.path === COPY)).map((s) => s.id),
  };
}

describe('A ban where banning is switched off', () => {
  beforeEach(() => turn(true));

  it('for the group of the host is recorded, and the receipt says that it is not enforced there', async () => {
    assert.deepEqual(await contain(1), {
      notes: [OFF_FOR_GROUP],
      told: [[evilMd5(1), 'banned', false]],
      recorded: true,
      // Bans are global: host 5's is stopped.
      copiesOn: [1, 2],
    });
  });

  it('on the server is recorded, and the receipt says that it is enforced nowhere', async () => {
    await turn(false);
    assert.deepEqual(await contain(2), {
      notes: [OFF_ON_SERVER],
      told: [[evilMd5(2), 'banned', false]],
      recorded: true,
      copiesOn: [1, 2],
    });
  });

  it('is told of with doubt where the token may not read the group', async () => {
    const fault = env().simulator.faults.add({ route: /\/group\/1$/, kind: { status: 403, body: 'no' } });
    const { notes, told } = await contain(3);
    fault.remove();
    assert.ok(fault.hits() > 0);
    assert.deepEqual([notes, told], [[], [[evilMd5(3), 'banned', null]]]);
  });

  it('is no matter where nothing is to be banned', async () => {
    const { notes, told } = await contain(4, { banScope: 'none' });
    assert.deepEqual([notes, told], [[], []]);
  });
});
