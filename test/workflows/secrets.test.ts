import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allRuns } from '../../testing/index.js';
import { REFUSED, REQUESTS } from './support/fault-table.js';
import { fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const CANARY = 'c4nary0c4nary1c4nary2c4nary3c4nary4c4nary';
const env = withEnvironment({ scenario: fleet(4), token: CANARY, checkinSeconds: 5 });

describe('The API token', () => {
  it('is in no history, memo or receipt, whatever fails', async () => {
    const faults = [
      null,
      env().simulator.faults.add({ ...REQUESTS['open a session'](), kind: 'cut', times: 2 }),
      env().simulator.faults.add({ ...REQUESTS['write the wish'](3), kind: REFUSED['401'] }),
      env().simulator.faults.add({
        ...REQUESTS['read the wish'](4),
        kind: { status: 500, body: `Traceback: X-Auth-Token: ${CANARY}` },
        times: 2,
      }),
    ];
    for (const n of faults.keys()) {
      const run = await env().contain({ hostname: hostName(n + 1), processName: 'evil.exe' });
      const outcome = await run.outcome();
      assert.ok(outcome.receipt);
      assert.ok(!JSON.stringify(outcome).includes(CANARY));
    }
    const runs = await allRuns(env().client, env().namespace);
    assert.ok(runs.length >= 8, 'containments and leases');
    for (const { workflowId, runId } of runs) {
      const handle = env().client.workflow.getHandle(workflowId, runId);
      const raw = everyText(await handle.fetchHistory());
      const { memo } = await handle.describe();
      for (const text of [raw, JSON.stringify(memo)]) assert.ok(!text.includes(CANARY), workflowId);
      assert.match(raw, /host-?\d/i, 'payloads are read as text');
    }
  });
});

/** A history with its payloads as text. */
function everyText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${everyText(inner)}`)
    .join('\n');
}
