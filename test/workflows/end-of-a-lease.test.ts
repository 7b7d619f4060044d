import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leaseId, type LeaseState, QUERIES } from '../../contract/index.js';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, evil, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(4, (n) => (n === 2 ? { processes: [evil(n, { kill: 'denied' })] } : {})),
});
const isolated = async (n: number) => (await aftermath(env(), n, { path: EVIL_PATH, md5s: [] })).fact;
const holdsOf = (n: number) => env().client.workflow.getHandle(leaseId(n)).query<LeaseState>(QUERIES.holds);

describe('A lease with an end', () => {
  it('releases a contained host when it comes, and not before', async () => {
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe', lease: '4h' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    const end = Date.parse(receipt.isolation.expiresAt ?? '');
    const left = end - Date.parse(receipt.endedAt);
    assert.ok(Math.abs(left - 4 * 3_600_000) < 120_000, `${left} ms from the end of the run`);
    await env().sleep(end - (await env().temporal.currentTimeMs()) - 120_000);
    assert.equal(await isolated(1), true, 'two minutes before');
    await env().sleep('4m');
    assert.equal(await isolated(1), false, 'two minutes after');
    const { status } = await env().client.workflow.getHandle(leaseId(1)).describe();
    assert.equal(status.name, 'COMPLETED');
  });

  it('keeps a host with a live process isolated, and the lease says why', async () => {
    const run = await env().contain({ hostname: hostName(2), processName: 'evil.exe', lease: '1h' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    await env().sleep('3h');
    assert.equal(await isolated(2), true);
    assert.deepEqual(
      (await holdsOf(2)).holds.map((h) => [h.verdict, h.keptBecause]),
      [['contained-partly', 'Its run ended contained-partly, not contained.']],
    );
  });
});

describe('A lease without an end', () => {
  it('holds for longer than a day', async () => {
    const run = await env().contain({ hostname: hostName(4), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.isolation.expiresAt, null);
    await env().sleep('30h');
    assert.equal(await isolated(4), true);
    assert.deepEqual(
      (await effectsOn(env(), 4, ['released'])).map((e) => e.effect),
      [],
    );
  });
});
