import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { effectsOn } from './support/aftermath.js';
import { evil, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(1, (n) => ({ processes: [evil(n, { killDelayMs: 60_000 })] })),
});

describe('A process that exits late', () => {
  it('was killed by the first kill, though the second one finds no such pid.', async () => {
    const second = { method: 'POST', route: /\/command$/, bodyIncludes: { name: 'kill' }, nth: 2 };
    const hold = env().simulator.hold({ ...second, when: 'before' });
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe' });
    const ended = env().timePasses(run.outcome());
    await hold.arrived;
    await env().clock.sleep(61_000);
    hold.release();
    const { receipt } = await ended;
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual(
      receipt.processes.map((p) => [p.outcome, p.why]),
      [['killed', null]],
    );
    const effects = await effectsOn(env(), 1, ['killed', 'kill-failed']);
    assert.deepEqual(
      effects.map((e) => e.effect),
      ['killed', 'kill-failed'],
    );
  });
});
