import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createActivities } from '../../activities/index.js';
import { DEFAULT_POLICY, type Policy } from '../../contract/index.js';
import { emptyFolder } from '../support/folders.js';
import { effectsOn } from './support/aftermath.js';
import { evil, evilMd5, host, hostName, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const evidenceDir = emptyFolder();
const respawn = { respawn: { afterMs: 200, times: 1 } };
const policy: Policy = { ...DEFAULT_POLICY, kill: { respawn: 'report', rounds: 5 } };
const env = withEnvironment({
  checkinSeconds: 5,
  evidenceDir,
  scenario: scenario([
    host(1),
    host(2, { processes: [evil(2, respawn)] }),
    host(3, { processes: [evil(3, respawn)] }),
  ]),
  activityOverrides: {
    resolve: async (input: { hostname: string | null; sensorId: number | null; policy: Policy | null }) => {
      const { cb, clock } = env();
      const found = await createActivities({ cb, clock }).resolve(input);
      return { ...found, guard: { policy, digest: '0'.repeat(64), name: 'of this test' } };
    },
  },
});

describe('A run with evidence', () => {
  it('has it in its receipt, and nothing of the file in its history.', async () => {
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe', evidence: 'file' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual(
      receipt.evidence.map((e) => [e.outcome, e.md5, e.guid]),
      [['taken', evilMd5(1), receipt.processes[0]?.guid]],
    );
    assert.ok(receipt.evidence[0]?.where?.includes(evidenceDir));
    const history = JSON.stringify(await run.handle.fetchHistory());
    // Results travel in base64, and so would the bytes.
    assert.ok(history.length < 200_000, `${history.length} characters`);
  });
});

describe('A run under a policy that reports what comes back', () => {
  it('ends contained-partly, names it, leaves it alive, and bans its hash.', async () => {
    const run = await env().contain({ hostname: hostName(2), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['process-alive']);
    assert.deepEqual(
      receipt.processes.map((p) => p.outcome),
      ['killed', 'respawned'],
    );
    assert.equal((await effectsOn(env(), 2, ['killed'])).length, 1);
    assert.deepEqual(
      receipt.bans.map((b) => [b.md5, b.outcome]),
      [[evilMd5(2), 'banned']],
    );
  });

  it('leaves it alive too when a second alert for the same process joins while it is killed.', async () => {
    const hold = env().simulator.hold({
      ...{ method: 'POST', route: /\/command$/, bodyIncludes: { name: 'kill' }, when: 'before' },
    });
    const alert = { hostname: hostName(3), processName: 'evil.exe' };
    const run = await env().contain(alert);
    const outcome = run.outcome();
    await hold.arrived;
    await run.handle.executeUpdate('join', { args: [{ request: { ...alert, requestedBy: 'alert-2' } }] });
    hold.release();
    const { receipt } = await outcome;
    assert.deepEqual([receipt?.verdict, receipt?.gaps], ['contained-partly', ['process-alive']]);
    assert.deepEqual(
      receipt?.processes.map((p) => p.outcome),
      ['killed', 'respawned'],
    );
    assert.equal((await effectsOn(env(), 3, ['killed'])).length, 1);
  });
});
