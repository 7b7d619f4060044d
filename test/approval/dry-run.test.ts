import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DifferentRequestError } from '../../client/index.js';
import { UPDATES } from '../../contract/index.js';
import { wishAndFact } from '../leases/support/lease.js';
import { effectsOn } from '../workflows/support/aftermath.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { approve, asking, EVIL, refusal } from './support/approving.js';

const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(6, (n) => ({ supportsLiveResponse: n !== 3 })),
});

const CHANGES = ['wish-set', 'killed', 'banned', 'unbanned', 'file-written', 'file-deleted'] as const;

describe('A dry run', () => {
  it('shows what a containment would do, opens one session, closes it, and changes nothing', async () => {
    const run = await env().contain({ hostname: hostName(1), ...EVIL, dryRun: true });
    assert.equal(run.workflowId, 'plan/host-1');
    const { closed, receipt } = await run.outcome();
    assert.deepEqual([closed, receipt?.verdict, receipt?.gaps], ['completed', 'planned', []]);
    assert.deepEqual(await effectsOn(env(), 1, CHANGES), []);
    assert.equal((await effectsOn(env(), 1, ['session-opened'])).length, 1);
    assert.equal((await effectsOn(env(), 1, ['session-closed'])).length, 1);
    assert.deepEqual(await wishAndFact(env(), 1), [false, false]);
    const plan = receipt?.plan;
    assert.ok(plan);
    const [process] = plan.processes;
    assert.deepEqual([process?.path, process?.md5, process?.outcome], [EVIL_PATH, evilMd5(1), 'unknown']);
    assert.ok(process?.guid && process.startedAt && process.parentGuid);
    assert.deepEqual(
      plan.steps.map((s) => s.step),
      ['isolate', 'kill', 'ban'],
    );
    assert.deepEqual([plan.listed, plan.objections], [true, []]);
    assert.ok(plan.notes.some((note) => /Live Response session \d+ was opened/.test(note)));
    assert.match(receipt.summary, /would isolate it, kill 1 and ban 1\. Nothing was changed\.$/);
    assert.deepEqual(await env().playbook.plan('host-1'), plan);
  });

  it('says the digest that the containment itself will ask about', async () => {
    const dry = await env().contain({ hostname: hostName(2), ...EVIL, dryRun: true });
    const { receipt } = await dry.outcome();
    const { run, plan } = await asking(env(), 2);
    assert.equal(plan.digest, receipt?.plan?.digest);
    await approve(env(), run, plan.digest);
    assert.equal((await run.outcome()).receipt?.verdict, 'contained');
  });

  it('has the objections in its plan, each with what settles it, and fails of none', async () => {
    const run = await env().contain({ hostname: hostName(3), processName: 'lsass.exe', dryRun: true });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'planned');
    assert.deepEqual(receipt.plan?.objections.map((o) => o.type).sort(), [
      'LiveResponseUnsupported',
      'ProtectedProcess',
    ]);
    assert.equal(receipt.plan?.listed, false);
    assert.deepEqual(await effectsOn(env(), 3, ['session-opened']), []);
    assert.match(receipt.summary, /2 objection\(s\) would stop it/);
  });

  it('does not wait for a host that is offline, and says so', async () => {
    await env().simulator.act.goOffline(4);
    await env().sleep('20m');
    const run = await env().contain({ hostname: hostName(4), ...EVIL, dryRun: true });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'planned');
    assert.equal(receipt.plan?.listed, false);
    assert.ok(receipt.plan?.notes.some((note) => /is offline: its processes were not listed/.test(note)));
  });

  it('joins no containment, and no containment joins it', async () => {
    const hold = env().simulator.hold({ method: 'POST', route: '/api/v1/cblr/session', when: 'before' });
    const dry = await env().contain({ hostname: hostName(5), ...EVIL, dryRun: true });
    await env().timePasses(hold.arrived);
    const join = (request: object) =>
      dry.handle.executeUpdate<unknown, [unknown]>(UPDATES.join, { args: [{ request }] });
    const alert = await refusal(join({ hostname: hostName(5), ...EVIL }));
    assert.deepEqual([alert.type, /is a dry run/.test(alert.message)], ['DifferentRequest', true]);
    assert.equal((await refusal(join({ hostname: hostName(5), ...EVIL, dryRun: true }))).type, 'RunClosing');
    hold.release();
    const { receipt } = await dry.outcome();
    assert.equal(receipt?.verdict, 'planned');
  });

  it('is refused as a request that joins a containment', async () => {
    const { run, plan } = await asking(env(), 6);
    const joining = env().timePasses(
      env().playbook.join('host-6', { hostname: hostName(6), ...EVIL, dryRun: true }),
    );
    await assert.rejects(joining, DifferentRequestError);
    await approve(env(), run, plan.digest);
    assert.equal((await run.outcome()).receipt?.verdict, 'contained');
  });
});
