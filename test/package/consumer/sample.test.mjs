// A user's own test of a playbook: Temporal in skipped time and a simulated Cb server, on one clock.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlaybookTestEnvironment } from 'cb-response-playbook/testing';

test('a host that is offline for six hours is contained when it comes back', async () => {
  const env = await createPlaybookTestEnvironment({ scenario: 'evil-sticky-notes' });
  try {
    await env.simulator.act.goOffline(1);
    const run = await env.contain({ hostname: 'win7pro64', processName: 'vnc.exe' });
    await env.sleep('6h');
    await env.simulator.act.comeOnline(1);
    const { receipt } = await run.outcome();
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.processes.length, 2);
  } finally {
    await env.close();
  }
});
