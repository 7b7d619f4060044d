import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Profile } from '../../simulator/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';

const PROFILES: Profile[] = ['5.2', '6.2', '7.5'];

/** Named in the case in which people know them; what is killed differs by system: no case on Windows, ` (deleted)` on Linux. */
const hosts = [
  { os: 'Windows', hostname: 'winbox', processName: 'EvilTool.exe', pids: [2400] },
  { os: 'macOS', hostname: 'macbook-of-ann', processName: 'eviltool', pids: [700] },
  { os: 'Linux', hostname: 'db1', processName: 'eviltool', pids: [4242, 4243] },
];

for (const profile of PROFILES) {
  describe(`On a server of version ${profile} the playbook contains a host of`, () => {
    let env: PlaybookTestEnvironment;
    before(async () => {
      env = await createPlaybookTestEnvironment({ scenario: 'mac-and-linux', profile, log: () => undefined });
    });
    after(() => env?.close());

    for (const { os, hostname, processName, pids } of hosts) {
      it(`${os}.`, async () => {
        const { receipt } = await (await env.contain({ hostname, processName })).outcome();
        const context = JSON.stringify(receipt, null, 1);
        assert.equal(receipt?.verdict, 'contained', context);
        assert.deepEqual(
          receipt.processes.map(({ pid, outcome }) => [pid, outcome]),
          pids.map((pid) => [pid, 'killed']),
          context,
        );
        assert.deepEqual(
          receipt.bans.map(({ outcome }) => outcome),
          ['banned'],
          context,
        );
        const killed = (await env.simulator.ledger()).filter(
          ({ effect, sensorId }) => effect === 'killed' && sensorId === receipt.target?.sensorId,
        );
        assert.deepEqual(
          killed.map(({ pid }) => pid),
          pids,
        );
        assert.deepEqual(env.simulator.unknownRoutes(), []);
      });
    }

    it('a host whose last session is closed and still reads active (API reference 4.2).', async () => {
      const { act } = env.simulator;
      await act.turn({ closedSessionRead: 'old-status' });
      await act.startProcess(43, { path: 'c:\\temp\\later.exe', binary: `later-${profile}` });
      const { receipt } = await (
        await env.contain({ hostname: 'winbox', processName: 'later.exe' })
      ).outcome();
      await act.turn({ closedSessionRead: 'close' });
      assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt, null, 1));
      const { sessions } = await env.simulator.state();
      assert.deepEqual(
        sessions.filter((s) => /pending|active/.test(s.status)),
        [],
      );
    });
  });
}
