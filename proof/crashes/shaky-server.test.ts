import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import {
  createPlaybookTestEnvironment,
  type Containment,
  type PlaybookTestEnvironment,
} from '../../testing/index.js';
import { assertEachOnce, assertSessions } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { requestTo } from '../../test/chaos/points.js';

const { hosts, scenario } = fleet(2);
const [shaky, dead] = hosts as [Host, Host];
const LOOK = { method: 'GET', route: 'GET /api/v1/cblr/session' };
let env: PlaybookTestEnvironment;
before(async () => {
  env = await createPlaybookTestEnvironment({ scenario, log: () => undefined });
});
after(() => env?.close());

function start(host: Host): Promise<Containment> {
  return env.contain({ hostname: host.hostname, processName: 'evil.exe' });
}

async function assertContained(host: Host, run: Containment): Promise<number> {
  const { receipt } = await run.outcome();
  assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt, null, 1));
  await assertEachOnce(env.simulator, host);
  await assertSessions(env.simulator, host, 1);
  return Date.parse(receipt.endedAt) - Date.parse(receipt.startedAt);
}

it('Faults of a server that answers every other time do not make the waits longer and longer.', async () => {
  // A fault that strikes is not counted by those after it: these strike the 3rd look, the 5th, the 7th, …
  const faults = Array.from({ length: 10 }, (_, i) =>
    env.simulator.faults.add({ ...LOOK, nth: 3 + i, kind: 'html-502' }),
  );
  const tookMs = await assertContained(shaky, await start(shaky));
  const hits = faults.reduce((sum, fault) => sum + fault.hits(), 0);
  assert.ok(hits >= 8, `${hits} hits: eight waits that double would take two and a half minutes`);
  assert.ok(tookMs < 90_000, `${tookMs} ms`);
});

it('A server that is dead for a minute is waited for, and asked less and less often.', async () => {
  const open = env.simulator.hold({ ...requestTo.open(dead), when: 'after' });
  const run = await start(dead);
  await env.timePasses(open.arrived);
  const fault = env.simulator.faults.add({ ...LOOK, times: 6, kind: { status: 503 } });
  open.release();
  const tookMs = await assertContained(dead, run);
  assert.equal(fault.hits(), 6);
  assert.ok(tookMs > 60_000, `${tookMs} ms`);
});
