import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aftermath } from './support/aftermath.js';
import { EVIL_PATH, evil, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(2, (n) => ({ processes: [evil(n, { kill: 'denied' })] })),
});

/** The list after the kill answers this, once; the process is alive all the time. */
async function withSecondList(n: number, answer: { status: string; result_code: number }) {
  const hold = env().simulator.hold({
    method: 'POST',
    route: /\/command$/,
    bodyIncludes: { name: 'kill' },
    when: 'after',
  });
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe' });
  const ended = env().timePasses(run.outcome());
  await hold.arrived;
  const { sessions } = await env().simulator.state();
  const session_id = sessions.filter((s) => s.sensorId === n).at(-1)?.id;
  const list = { id: 3, session_id, sensor_id: n, name: 'process list', object: null, processes: [] };
  const fault = env().simulator.faults.add({
    method: 'GET',
    route: `/api/v1/cblr/session/${session_id}/command/3`,
    times: 1,
    kind: { status: 200, body: { ...list, ...answer, result_type: 'WinHresult', result_desc: '' } },
  });
  hold.release();
  const { receipt } = await ended;
  assert.equal(fault.hits(), 1);
  assert.ok(receipt);
  return { receipt, left: await aftermath(env(), n, { path: EVIL_PATH, md5s: [] }) };
}

describe('A process list that cannot be believed', () => {
  for (const [n, what, answer] of [
    [1, 'failed', { status: 'error', result_code: 0x8007_0005 }],
    [2, 'is empty', { status: 'complete', result_code: 0 }],
  ] as const) {
    it(`because it ${what} does not make a live process dead: another list is asked for.`, async () => {
      const { receipt, left } = await withSecondList(n, answer);
      assert.deepEqual([left.alive, left.openSessions], [1, []]);
      assert.equal(receipt.verdict, 'contained-partly');
      assert.deepEqual(receipt.gaps, ['process-alive']);
      assert.deepEqual(
        receipt.processes.map((p) => p.outcome),
        ['survived'],
      );
    });
  }
});
