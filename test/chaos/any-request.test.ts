import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createPlaybookTestEnvironment } from '../../testing/index.js';
import { assertEachOnce, effectsOn, openSessions, told } from './effects.js';
import { fleet } from './fleet.js';

/** More than a clean run of this scenario makes while it waits for nothing. */
const MOST_REQUESTS = 60;

/** It acts and says nothing: the worst that one request can do. */
it('The answer to any single request is lost: the host is contained, and everything is done once.', async () => {
  const { hosts, scenario } = fleet(MOST_REQUESTS);
  // They check in as soon as they are looked at: no request is spent on waiting.
  const env = await createPlaybookTestEnvironment({ scenario, checkinSeconds: 1, log: () => undefined });
  try {
    for (const [i, host] of hosts.entries()) {
      const fault = env.simulator.faults.add({ nth: i + 1, kind: 'act-then-cut' });
      const { receipt } = await (
        await env.contain({ hostname: host.hostname, processName: 'evil.exe' })
      ).outcome();
      fault.remove();
      if (fault.hits() === 0) return assert.ok(i > 15, `only ${i} requests were tried`);
      const struck = env.simulator.journal().findLast((entry) => entry.fault !== null);
      const context = `${i + 1}: ${struck?.method} ${struck?.path}\n${JSON.stringify(receipt, null, 1)}\n${told(await effectsOn(env.simulator, host))}`;
      assert.equal(receipt?.verdict, 'contained', context);
      await assertEachOnce(env.simulator, host);
      assert.deepEqual(await openSessions(env.simulator, host), [], context);
      assert.ok(
        receipt.sessions.every(({ ours, closed }) => ours && closed),
        context,
      );
      assertOwn(receipt, context);
    }
    assert.fail(`a clean run makes more than ${MOST_REQUESTS} requests`);
  } finally {
    await env.close();
  }
});

function assertOwn(
  receipt: { isolation: { outcome: string }; bans: { outcome: string }[]; processes: { outcome: string }[] },
  context: string,
): void {
  assert.equal(receipt.isolation.outcome, 'isolated', context);
  assert.deepEqual(
    receipt.bans.map(({ outcome }) => outcome),
    ['banned'],
    context,
  );
  assert.deepEqual(
    receipt.processes.map(({ outcome }) => outcome),
    ['killed', 'killed'],
    context,
  );
}
