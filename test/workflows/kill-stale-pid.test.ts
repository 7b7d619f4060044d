import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { effectsOn } from './support/aftermath.js';
import { EVIL_PATH, evil, host, hostName, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const PAYROLL = 'c:\\good\\payroll.exe';
const processes = (n: number) => [
  evil(n),
  evil(n, { pid: 2404, pidReusedBy: { afterMs: 1, path: PAYROLL } }),
];
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: scenario([1, 2].map((n) => host(n, { processes: processes(n) }))),
});

/** Held before the first of two kills; meanwhile the second process ends and another program gets its pid. */
async function whileTheFirstKillWaits(n: number, meanwhile: (sessionId: number) => Promise<void>) {
  const first = { method: 'POST', route: /\/command$/, bodyIncludes: { name: 'kill', object: 2400 } };
  const hold = env().simulator.hold({ ...first, when: 'before' });
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe' });
  const ended = env().timePasses(run.outcome());
  await hold.arrived;
  const { sensors, sessions } = await env().simulator.state();
  const second = sensors.find((s) => s.id === n)?.processes.find((p) => p.pid === 2404);
  assert.ok(second);
  await env().simulator.act.endProcess(second.guid);
  await env().clock.sleep(100);
  await meanwhile(sessions.filter((s) => s.sensorId === n).at(-1)?.id ?? 0);
  hold.release();
  const { receipt } = await ended;
  assert.ok(receipt);
  const killed = await effectsOn(env(), n, ['killed']);
  const { sensors: after } = await env().simulator.state();
  const alive = after.find((s) => s.id === n)?.processes.map((p) => p.path) ?? [];
  return { receipt, killed: killed.map((e) => [e.pid, e.path]), alive };
}

describe('A pid that was listed a moment before', () => {
  it('is not killed from a list of a session that went away under the kill before it.', async () => {
    const { receipt, killed, alive } = await whileTheFirstKillWaits(1, (id) =>
      env().simulator.act.closeSession(id),
    );
    assert.deepEqual(killed, [[2400, EVIL_PATH]]);
    assert.ok(alive.includes(PAYROLL), 'the new owner of the pid lives');
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(receipt.processes.map((p) => [p.pid, p.outcome]).sort(), [
      [2400, 'killed'],
      [2404, 'already-gone'],
    ]);
  });

  it('is not killed from a list that became old while another kill took its time.', async () => {
    const { receipt, killed, alive } = await whileTheFirstKillWaits(2, () => env().clock.sleep(11_000));
    assert.deepEqual(killed, [[2400, EVIL_PATH]]);
    assert.ok(alive.includes(PAYROLL), 'the new owner of the pid lives');
    assert.equal(receipt.verdict, 'contained');
  });
});
