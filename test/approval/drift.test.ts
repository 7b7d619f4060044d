import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aftermath, effectsOn } from '../workflows/support/aftermath.js';
import { evil, EVIL_PATH, evilMd5, fleet, hostName, md5Of } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { approve, asking, deny, refusal, untilItAsks } from './support/approving.js';

const OTHER_PATH = 'c:\\users\\public\\evil.exe';
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(9, (n) =>
    n === 7
      ? { processes: [] }
      : n === 8
        ? { processes: [evil(n), evil(n, { path: 'c:\\x\\other.exe', pid: 2500 })] }
        : n === 5
          ? { processes: [evil(n), evil(n, { path: 'c:\\x\\other.exe', pid: 2500, binary: 'other-5' })] }
          : {},
  ),
});

async function replaced(n: number, path: string, binary: string): Promise<void> {
  const { sensors } = await env().simulator.state();
  const old = sensors.find((s) => s.id === n)?.processes.find((p) => p.path === EVIL_PATH);
  assert.ok(old);
  await env().simulator.act.endProcess(old.guid);
  await env().simulator.act.startProcess(n, { path, binary });
}

describe('Between plan and apply', () => {
  it('another path that matches makes a new plan, and nothing is killed before that one is approved', async () => {
    const { run, plan } = await asking(env(), 1);
    await env().simulator.act.startProcess(1, { path: OTHER_PATH, binary: 'evil-1' });
    await approve(env(), run, plan.digest);
    const second = await untilItAsks(env(), run, plan);
    assert.deepEqual(await effectsOn(env(), 1, ['killed']), []);
    assert.deepEqual(second.processes.map((p) => p.path).sort(), [EVIL_PATH, OTHER_PATH]);
    const stale = await refusal(approve(env(), run, plan.digest));
    assert.equal(stale.type, 'StaleDigest');
    await approve(env(), run, second.digest);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual([receipt.approval?.plans, receipt.approval?.digest], [2, second.digest]);
    assert.equal((await effectsOn(env(), 1, ['killed'])).length, 2);
  });

  it('another binary at the same path makes a new plan; denied, it lives', async () => {
    const { run, plan } = await asking(env(), 2);
    await replaced(2, EVIL_PATH, 'quite-another');
    await approve(env(), run, plan.digest);
    const second = await untilItAsks(env(), run, plan);
    assert.ok(second.hashes.some((h) => h.md5 === md5Of('quite-another')));
    await deny(env(), run);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(await effectsOn(env(), 2, ['killed']), []);
    const md5s = [evilMd5(2), md5Of('quite-another')];
    assert.deepEqual((await aftermath(env(), 2, { path: EVIL_PATH, md5s })).banned, []);
    assert.equal(receipt.approval?.answer, 'denied');
  });

  it('a mere respawn of the same binary at the same path makes no approval stale', async () => {
    const { run, plan } = await asking(env(), 3);
    await replaced(3, EVIL_PATH, 'evil-3');
    await approve(env(), run, plan.digest);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.equal(receipt.approval?.plans, 1);
    assert.deepEqual(receipt.processes.map((p) => p.outcome).sort(), ['already-gone', 'killed']);
  });

  it('what was to be killed may be gone: its hash is banned all the same', async () => {
    const { run, plan } = await asking(env(), 4);
    const [process] = plan.processes;
    assert.ok(process);
    await env().simulator.act.endProcess(process.guid);
    await approve(env(), run, plan.digest);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual(
      receipt.processes.map((p) => p.outcome),
      ['already-gone'],
    );
    assert.deepEqual(
      receipt.bans.map((b) => [b.md5, b.outcome]),
      [[evilMd5(4), 'banned']],
    );
  });
});

describe('A sensor that is gone when the answer comes', () => {
  it('has nothing of the plan done, not even the bans', async () => {
    const md5 = 'B'.repeat(32);
    const { run, plan } = await asking(env(), 9, { isolate: false, kill: false, banMd5: [md5] });
    await env().simulator.act.deleteSensor(9);
    await approve(env(), run, plan.digest);
    const { receipt } = await run.outcome();
    assert.ok(
      receipt?.problems.some((p) => p.type === 'TargetChanged'),
      JSON.stringify(receipt?.problems),
    );
    assert.notEqual(receipt?.verdict, 'contained');
    const banned = (await env().simulator.ledger()).filter((e) => e.effect === 'banned');
    assert.ok(!banned.some((e) => e.md5?.toUpperCase() === md5));
  });
});

describe('A request that joins a run that waits for approval', () => {
  it('gets a plan of its own after the first, and nothing of it is done by the first approval', async () => {
    const { run, plan } = await asking(env(), 5);
    const request = { hostname: hostName(5), processName: 'other.exe' };
    await env().timePasses(run.handle.executeUpdate('join', { args: [{ request }] }));
    await approve(env(), run, plan.digest);
    const second = await untilItAsks(env(), run, plan);
    assert.deepEqual(
      (await effectsOn(env(), 5, ['killed'])).map((e) => e.path),
      [EVIL_PATH],
    );
    assert.deepEqual(second.selectors, [{ name: 'other.exe' }]);
    await approve(env(), run, second.digest);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.equal(receipt.approval?.plans, 2);
  });

  it('is answered on its own: what a no to the first kept from being banned, a yes to the second bans', async () => {
    const { run, plan } = await asking(env(), 8);
    const request = { hostname: hostName(8), processName: 'other.exe' };
    await env().timePasses(run.handle.executeUpdate('join', { args: [{ request }] }));
    await deny(env(), run);
    const second = await untilItAsks(env(), run, plan);
    await approve(env(), run, second.digest);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.equal(receipt.approval?.answer, 'denied');
    assert.deepEqual(
      receipt.approval?.answers?.map((a) => [a.digest, a.answer, a.who, a.why]),
      [
        [plan.digest, 'denied', 'ben', 'a false alarm'],
        [second.digest, 'approved', 'ben', 'ticket 7'],
      ],
    );
    assert.deepEqual(
      receipt.bans.map((b) => [b.md5, b.outcome]),
      [[evilMd5(8), 'banned']],
    );
  });

  it('makes a run ask that did not, from then on', async () => {
    const hold = env().simulator.hold({ method: 'POST', route: /\/command$/, when: 'before' });
    const run = await env().contain({ hostname: hostName(6), processName: 'evil.exe' });
    await env().timePasses(hold.arrived);
    const request = { hostname: hostName(6), banMd5: ['A'.repeat(32)], kill: false, approval: 'before-kill' };
    await run.handle.executeUpdate('join', { args: [{ request }] });
    hold.release();
    const plan = await untilItAsks(env(), run);
    assert.ok(plan.hashes.some((h) => h.md5 === 'A'.repeat(32)));
    await deny(env(), run);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.equal(receipt.bans.find((b) => b.md5 === 'A'.repeat(32))?.outcome, 'refused');
  });
});

describe('A hash that nobody could know when the plan was made', () => {
  it('is asked about on its own once it is known, and not banned before', async () => {
    const unreadable = env().simulator.faults.add({
      method: 'POST',
      route: /\/command$/,
      bodyIncludes: { name: 'get file' },
      kind: { status: 400, body: 'no' },
    });
    await env().simulator.act.startProcess(7, { path: EVIL_PATH, binary: 'evil-7' });
    const { run, plan } = await asking(env(), 7);
    assert.deepEqual([plan.processes[0]?.md5, plan.hashes], [null, []]);
    await approve(env(), run, plan.digest);
    const second = await untilItAsks(env(), run, plan);
    assert.deepEqual(
      second.hashes.map((h) => h.md5),
      [evilMd5(7)],
    );
    assert.deepEqual((await effectsOn(env(), 7, ['killed'])).length, 1);
    assert.deepEqual((await aftermath(env(), 7, { path: EVIL_PATH, md5s: [evilMd5(7)] })).banned, []);
    await approve(env(), run, second.digest);
    const { receipt } = await run.outcome();
    unreadable.remove();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual(
      receipt.bans.map((b) => [b.md5, b.outcome]),
      [[evilMd5(7), 'banned']],
    );
  });
});
