import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ContainRequest, undoExitCode, undoId, type UndoReceipt } from '../../contract/index.js';
import type { RequestMatch } from '../../simulator/index.js';
import {
  giveBack,
  leaseHandle,
  leaseOf,
  personHolds,
  wishAndFact,
  wishChanges,
} from '../leases/support/lease.js';
import { aftermath } from './support/aftermath.js';
import { REFUSED, REQUESTS } from './support/fault-table.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({ scenario: fleet(14), checkinSeconds: 5 });

const given = (n: number): string => `AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA${n}`;

/** A containment with two bans, one of what was killed and one that was given. */
async function contained(n: number, more: Partial<ContainRequest> = {}, workflowId?: string) {
  const request = { hostname: hostName(n), processName: 'evil.exe', banMd5: [given(n)], ...more };
  const { receipt } = await (await env().contain(request, { workflowId })).outcome();
  assert.equal(receipt?.verdict, 'contained');
  return receipt;
}

function undo(idOrHost: string, more: object = { apply: true }): Promise<UndoReceipt> {
  return env().timePasses(env().playbook.undo(idOrHost, { who: 'ben', reason: 'false alarm', ...more }));
}

const leftOn = (n: number) => aftermath(env(), n, { path: EVIL_PATH, md5s: [evilMd5(n), given(n)] });
const changes = async () => (await env().simulator.ledger()).map((e) => `${e.effect} ${e.sensorId} ${e.md5}`);
const unbansOf = async (md5: string): Promise<number> =>
  (await env().simulator.ledger()).filter((e) => e.effect === 'unbanned' && e.md5?.toUpperCase() === md5)
    .length;
const sorted = (rows: { change: string; target: string; outcome?: string }[]) =>
  rows.map((r) => [r.change, r.target, r.outcome ?? ''].join(' ').trim()).sort();

describe('undo of a closed containment', () => {
  it('first shows what stands and what it would do, and changes nothing', async () => {
    await contained(1);
    const before = await changes();
    const plan = await undo(hostName(1), {});
    assert.deepEqual([plan.verdict, plan.undo, undoExitCode(plan)], ['planned', [], 0]);
    assert.deepEqual(
      sorted(plan.standing),
      [`ban ${given(1)}`, `ban ${evilMd5(1)}`, 'isolation HOST-1'].sort(),
    );
    assert.match(plan.notes.join(), /1 killed processes stay dead/);
    assert.deepEqual(await changes(), before);
  });

  it('then reverses its own bans and its own hold, the release confirmed by the sensor', async () => {
    const receipt = await undo(hostName(1));
    assert.deepEqual([receipt.verdict, undoExitCode(receipt), receipt.who], ['undone', 0, 'ben']);
    assert.deepEqual(
      sorted(receipt.undo),
      [`ban ${given(1)} undone`, `ban ${evilMd5(1)} undone`, 'isolation HOST-1 undone'].sort(),
    );
    const { wish, fact, banned } = await leftOn(1);
    assert.deepEqual([wish, fact, banned], [false, false, []]);
    const handle = env().client.workflow.getHandle(receipt.workflowId);
    assert.deepEqual((await handle.describe()).memo?.['receipt'], receipt);
  });

  it('a second time finds nothing, and does nothing', async () => {
    const before = await changes();
    const receipt = await undo('contain/host-1');
    assert.deepEqual(
      [receipt.verdict, receipt.standing, receipt.undo, undoExitCode(receipt)],
      ['nothing-to-undo', [], [], 0],
    );
    assert.deepEqual(await changes(), before);
  });

  it("leaves others' work: a person's hold, a ban that was there, a ban that somebody changed", async () => {
    await env().cb.bans.add(given(2), 'ann was here');
    const changed = 'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB2';
    await contained(2, { banMd5: [given(2), changed] });
    const ours = await env().cb.bans.get(changed);
    assert.ok(ours);
    await env().cb.bans.disable(changed);
    await env().cb.bans.enable({ ...ours, enabled: false, text: 'ann keeps it' });
    await personHolds(env(), 2, 'ann');
    const plan = await undo(hostName(2), {});
    assert.match(
      plan.standing.find((s) => s.change === 'isolation')?.effect ?? '',
      /stays isolated.*person\/ann/,
    );
    const receipt = await undo(hostName(2));
    assert.deepEqual([receipt.verdict, undoExitCode(receipt)], ['undone', 10]);
    assert.deepEqual(sorted(receipt.undo), [`ban ${evilMd5(2)} undone`, 'isolation HOST-2 left']);
    assert.match(receipt.undo.find((u) => u.outcome === 'left')?.why ?? '', /person\/ann/);
    assert.deepEqual(sorted(receipt.left), [`ban ${given(2)}`, `ban ${changed}`]);
    assert.match(receipt.summary, /HOST-2 stays isolated/);
    const { wish, banned } = await leftOn(2);
    assert.deepEqual([wish, banned], [true, [given(2)]]);
    assert.deepEqual(
      (await leaseOf(env(), 2)).holds.map((h) => h.holdId),
      ['person/ann'],
    );
    await giveBack(env(), 2, 'person/ann');
  });

  it('undoes one run and not its neighbour of the same id; an earlier one by its run id', async () => {
    const first = await contained(3);
    const second = await contained(3, { kill: false, processName: undefined, banMd5: [given(9)] });
    const latest = await undo(hostName(3));
    assert.equal(latest.of.runId, second.runId);
    assert.deepEqual(sorted(latest.undo), [`ban ${given(9)} undone`, 'isolation HOST-3 left']);
    const earlier = await undo(hostName(3), { apply: true, runId: first.runId });
    assert.deepEqual([earlier.of.runId, earlier.verdict], [first.runId, 'undone']);
    assert.deepEqual((await leftOn(3)).banned, []);
    assert.deepEqual(await wishAndFact(env(), 3), [false, false]);
  });

  it('what cannot be undone is named, the rest is undone: a red row; later it takes up what is left', async () => {
    await contained(4, {}, 'alert-4711');
    const fault = env().simulator.faults.add({
      ...(REQUESTS.unban() as RequestMatch),
      route: new RegExp(`blacklist/${given(4)}$`, 'i'),
      kind: REFUSED['403'],
    });
    const receipt = await undo('alert-4711');
    fault.remove();
    assert.deepEqual([receipt.verdict, undoExitCode(receipt)], ['partly', 14]);
    assert.deepEqual(
      sorted(receipt.undo),
      [`ban ${given(4)} failed`, `ban ${evilMd5(4)} undone`, 'isolation HOST-4 undone'].sort(),
    );
    const { status } = await env().client.workflow.getHandle('undo/alert-4711').describe();
    assert.equal(status.name, 'FAILED');
    const again = await undo('alert-4711');
    assert.deepEqual(sorted(again.undo), [`ban ${given(4)} undone`]);
  });

  it('a server that does not answer: nothing is undone, and it says so', async () => {
    await contained(5, { banMd5: [] });
    const fault = env().simulator.faults.add({
      method: 'GET',
      route: '/api/v1/banning/blacklist',
      kind: REFUSED['401'],
    });
    const receipt = await undo(hostName(5));
    fault.remove();
    assert.deepEqual([receipt.verdict, receipt.problems[0]?.type], ['partly', 'Unauthorized']);
    assert.deepEqual(await wishAndFact(env(), 5), [true, true]);
  });

  it('a run that goes on is refused with what to do; one that is not there, too', async () => {
    await env().simulator.act.goOffline(6);
    const run = await env().contain({ hostname: hostName(6), kill: false });
    await env().sleep('1m');
    for (const more of [{}, { apply: true }]) {
      await assert.rejects(env().playbook.undo(hostName(6), more), {
        code: 'StillRunning',
        next: /cb-playbook cancel contain\/host-6 --release/,
      });
    }
    await assert.rejects(undo('no-such-host'), { code: 'NoSuchRun' });
    await assert.rejects(undo(hostName(1), { runId: '00000000-0000-0000-0000-000000000000' }), {
      code: 'NoSuchRun',
    });
    await assert.rejects(undo(hostName(1), { runId: 'x' }), { code: 'InvalidRequest' });
    // Of a plain start the workflow itself judges.
    for (const [input, type] of [
      [{ workflowId: 'contain/host-6' }, 'StillRunning'],
      [{ workflowId: 'isolation/1' }, 'NoSuchRun'],
      [{ workflowId: 'nowhere' }, 'NoSuchRun'],
      [{ workflow: 'x', apply: 'yes' }, 'InvalidRequest'],
    ] as const) {
      const options = { taskQueue: 'cb-response-playbook', workflowId: `plain-${type}-${Math.random()}` };
      const plain = await env().client.workflow.start('undoContainment', { ...options, args: [input] });
      await assert.rejects(env().timePasses(plain.result()), (error: { cause?: { type?: string } }) => {
        assert.equal(error.cause?.type, type);
        return true;
      });
    }
    await run.handle.terminate('pulled the plug');
  });

  it('of a run that was terminated, and left no receipt, gives back its hold all the same', async () => {
    assert.equal((await leaseOf(env(), 6)).holds.length, 1);
    const plan = await undo(hostName(6), {});
    assert.deepEqual([plan.of.verdict, sorted(plan.standing)], [null, ['isolation HOST-6']]);
    await env().simulator.act.comeOnline(6);
    const receipt = await undo(hostName(6));
    assert.deepEqual([receipt.verdict, sorted(receipt.undo)], ['undone', ['isolation HOST-6 undone']]);
    assert.deepEqual(await wishAndFact(env(), 6), [false, false]);
  });

  it('of a lease that was terminated, too: what it left is taken up and released', async () => {
    await contained(7);
    await leaseHandle(env(), 7).terminate('pulled the plug');
    const receipt = await undo(hostName(7));
    assert.equal(receipt.verdict, 'undone');
    assert.deepEqual(await wishChanges(env(), 7), ['set by playbook', 'cleared by playbook']);
    assert.deepEqual((await leftOn(7)).banned, []);
  });

  it('what somebody else isolated before stays: exit 10', async () => {
    await env().simulator.act.setWish(8, true, 'ann');
    await env().sleep('1m');
    const { receipt } = await (await env().contain({ hostname: hostName(8), kill: false })).outcome();
    assert.equal(receipt?.isolation.outcome, 'already-isolated');
    const undone = await undo(hostName(8));
    assert.deepEqual([undone.verdict, undoExitCode(undone)], ['undone', 10]);
    assert.match(undone.undo[0]?.why ?? '', /isolated by somebody else/);
    assert.deepEqual(await wishAndFact(env(), 8), [true, true]);
  });

  it('answers that are lost on the way change nothing twice', async () => {
    await contained(10, { banMd5: [] });
    const faults = (['unban', 'withdraw the wish'] as const).map((request) =>
      env().simulator.faults.add({
        ...(REQUESTS[request](10) as RequestMatch),
        kind: 'act-then-cut',
        times: 1,
      }),
    );
    const receipt = await undo(hostName(10));
    assert.deepEqual(
      faults.map((f) => f.hits()),
      [1, 1],
    );
    for (const fault of faults) fault.remove();
    assert.deepEqual(sorted(receipt.undo), [`ban ${evilMd5(10)} undone`, 'isolation HOST-10 undone']);
    assert.equal(await unbansOf(evilMd5(10)), 1);
    assert.deepEqual(await wishChanges(env(), 10), ['set by playbook', 'cleared by playbook']);
  });

  it('two at once are one', async () => {
    await contained(9, { banMd5: [] });
    const [a, b] = await Promise.all([undo(hostName(9)), undo(hostName(9))]);
    assert.deepEqual([a.verdict, b.verdict].sort()[1], 'undone');
    assert.equal(await unbansOf(evilMd5(9)), 1);
  });

  it("leaves a later run's ban alone, though its reason cites the run that is undone", async () => {
    const md5 = 'CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC1';
    const only = { processName: undefined, kill: false, isolate: false, banMd5: [md5] };
    const first = await contained(11, only);
    assert.equal((await undo(hostName(11))).verdict, 'undone');
    const cites = { ...only, reason: `bad after all, see run ${first.workflowId} ${first.runId}` };
    const later = await contained(12, cites);
    assert.deepEqual(
      later.bans.map((b) => b.outcome),
      ['banned'],
    );
    assert.equal((await undo(hostName(11))).verdict, 'nothing-to-undo');
    assert.deepEqual([(await env().cb.bans.get(md5))?.enabled, await unbansOf(md5)], [true, 1]);
    assert.deepEqual(sorted((await undo(hostName(12))).undo), [`ban ${md5} undone`]);
  });

  it('a ban that somebody changes while it is undone is left, and the summary says so', async () => {
    const md5 = 'CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC2';
    await contained(12, { processName: undefined, kill: false, isolate: false, banMd5: [md5] });
    const hold = env().simulator.hold({
      method: 'GET',
      route: new RegExp(`blacklist/${md5}$`, 'i'),
      when: 'before',
    });
    const undoing = undo(hostName(12));
    await hold.arrived;
    const ours = (await env().cb.bans.list()).find((b) => b.md5 === md5);
    assert.ok(ours);
    await env().cb.bans.disable(md5);
    await env().cb.bans.enable({ ...ours, enabled: false, text: 'ann keeps it' });
    hold.release();
    const receipt = await undoing;
    assert.deepEqual(sorted(receipt.undo), [`ban ${md5} left`]);
    assert.deepEqual([receipt.verdict, undoExitCode(receipt)], ['undone', 0]);
    assert.match(receipt.summary, new RegExp(`left alone: ${md5}: The ban is not this run's`));
  });

  it('of a sensor that was deleted does not say that the host stays isolated', async () => {
    await contained(11, { processName: undefined, kill: false, banMd5: [] });
    await env().simulator.act.deleteSensor(11);
    const receipt = await undo(hostName(11));
    assert.deepEqual([receipt.verdict, undoExitCode(receipt)], ['undone', 0]);
    assert.match(receipt.summary, /is undone\. HOST-11: The sensor was deleted or registered anew/);
    assert.doesNotMatch(receipt.summary, /stays isolated/);
  });

  it("done with --yes while somebody's plan has its id: the plan is waited for, and it is done", async () => {
    await contained(13, { banMd5: [] });
    const hold = env().simulator.hold({ method: 'GET', route: '/api/v1/banning/blacklist', when: 'before' });
    const plan = await env().client.workflow.start('undoContainment', {
      taskQueue: 'cb-response-playbook',
      workflowId: undoId('contain/host-13'),
      args: [{ workflowId: 'contain/host-13' }],
    });
    await hold.arrived;
    const joined = env().playbook.undo(hostName(13), { apply: true });
    await sleep(500);
    hold.release();
    const receipt = await env().timePasses(joined);
    assert.equal(((await plan.result()) as UndoReceipt).verdict, 'planned');
    assert.deepEqual([receipt.verdict, receipt.undo.length], ['undone', 2]);
  });

  it('while a release is not confirmed waits for it, and does not say that nothing stands', async () => {
    const { workflowId, runId } = await contained(14, { processName: undefined, kill: false, banMd5: [] });
    await env().simulator.act.goOffline(14);
    // As an undo before it that came to its deadline.
    await giveBack(env(), 14, `${workflowId}/${runId}`);
    await env().sleep('1m');
    assert.deepEqual(await wishAndFact(env(), 14), [false, true]);
    const plan = await undo(hostName(14), {});
    assert.deepEqual([plan.verdict, sorted(plan.standing)], ['planned', ['isolation HOST-14']]);
    assert.match(plan.standing[0]?.effect ?? '', /asked for and is not confirmed/);
    const waiting = await env().client.workflow.start('undoContainment', {
      taskQueue: 'cb-response-playbook',
      workflowId: undoId(workflowId),
      args: [{ workflowId, apply: true }],
    });
    await env().sleep('1m');
    assert.equal((await waiting.describe()).status.name, 'RUNNING');
    await env().simulator.act.comeOnline(14);
    const receipt = (await env().timePasses(waiting.result())) as UndoReceipt;
    assert.deepEqual([receipt.verdict, sorted(receipt.undo)], ['undone', ['isolation HOST-14 undone']]);
    assert.deepEqual(await wishAndFact(env(), 14), [false, false]);
    assert.equal((await undo(hostName(14))).verdict, 'nothing-to-undo');
  });
});
