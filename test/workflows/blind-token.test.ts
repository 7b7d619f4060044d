import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({
  scenario: fleet(1),
  knobs: { rights: { view: false, isolate: true, ban: true, liveResponse: true } },
});

describe('A token that sees no sensor', () => {
  it('is told apart from a host that is not there: it lacks rights', async () => {
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe' });
    const { closed, receipt } = await run.outcome();
    assert.deepEqual([closed, receipt?.verdict], ['failed', 'not-contained']);
    assert.deepEqual(
      receipt?.problems.map((p) => p.type),
      ['NoSensorsVisible'],
    );
    assert.match(receipt?.problems[0]?.message ?? '', /rights/);
    assert.ok(
      env()
        .simulator.journal()
        .every((e) => e.method === 'GET'),
    );
  });
});
