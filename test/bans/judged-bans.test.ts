import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createActivities, type PlaybookActivities } from '../../activities/index.js';
import { type ContainRequest, DEFAULT_POLICY, type Receipt } from '../../contract/index.js';
import { REFUSED } from '../workflows/support/fault-table.js';
import { evil, evilMd5, host, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { guarded, md5 } from './support/binaries.js';

const UNKNOWN = 'ABABABABABABABABABABABABABABABAB';
const SUMMARY = { method: 'GET', route: /\/binary\/.{32}\/summary$/ };
const POST = { method: 'POST', route: '/api/v1/banning/blacklist' };

/** What the next runs are frozen with. */
let enableDisabled = true;
const resolve: PlaybookActivities['resolve'] = async (input) => {
  const found = await createActivities({ cb: env().cb, clock: env().clock }).resolve(input);
  const policy = { ...DEFAULT_POLICY, ban: { ...DEFAULT_POLICY.ban, enableDisabled } };
  return { ...found, guard: { ...found.guard, policy } };
};

const fleet = guarded({ hosts: 10 });
const env = withEnvironment({
  checkinSeconds: 5,
  activityOverrides: { resolve },
  scenario: {
    ...fleet,
    sensors: [
      ...fleet.sensors.filter((s) => s.id !== 6 && s.id !== 7),
      // A system's own program under the name of the implant, here and elsewhere (hazard H7).
      host(6, {
        processes: [evil(6), evil(6, { pid: 2600, path: 'c:\\x\\windows.exe', binary: 'windows' })],
      }),
      host(7, { processes: [evil(7), evil(7, { pid: 2600, path: 'c:\\old\\evil.exe', binary: 'office' })] }),
    ],
  },
});

async function contain(request: ContainRequest): Promise<Receipt> {
  const { receipt } = await (await env().contain(request)).outcome();
  assert.ok(receipt);
  return receipt;
}

/** Nothing but bans: neither isolated nor killed. */
const bansOnly = (n: number, banMd5: string[], more: Partial<ContainRequest> = {}): Promise<Receipt> =>
  contain({ hostname: hostName(n), isolate: false, kill: false, banMd5, ...more });

const outcomes = ({ bans }: Receipt) => new Map(bans.map((b) => [b.md5, b.outcome]));

async function everBanned(hash: string): Promise<boolean> {
  return (await env().simulator.ledger()).some((e) => e.effect === 'banned' && e.md5?.toUpperCase() === hash);
}

describe('A mixed set of hashes', () => {
  it('has its results named one by one, and what is refused is never banned', async () => {
    const set = [md5('tool'), md5('windows'), md5('many'), md5('standing'), md5('lifted'), UNKNOWN];
    const receipt = await bansOnly(1, set);
    assert.deepEqual([receipt.verdict, receipt.gaps], ['contained-partly', ['ban-refused']]);
    assert.deepEqual(
      outcomes(receipt),
      new Map([
        [md5('tool'), 'banned'],
        [md5('windows'), 'refused'],
        [md5('many'), 'refused'],
        [md5('standing'), 'already-banned'],
        [md5('lifted'), 'banned'],
        [UNKNOWN, 'banned'],
      ]),
    );
    for (const name of ['windows', 'many', 'standing'] as const)
      assert.equal(await everBanned(md5(name)), false, name);
    const row = (hash: string) => receipt.bans.find((b) => b.md5 === hash);
    assert.match(row(md5('windows'))?.why ?? '', /vendor of an operating system/);
    assert.deepEqual([row(md5('tool'))?.publisher, row(md5('tool'))?.signed], ['RealVNC Ltd', 'Signed']);
    assert.equal(row(md5('many'))?.hostsSeen, 26);
    assert.equal(row(md5('standing'))?.why, 'By bob.');
    assert.equal(row(md5('lifted'))?.why, 'A disabled ban was enabled.');
    assert.match(row(UNKNOWN)?.why ?? '', /does not know this file/);
    const note = receipt.notes.find((n) => n.startsWith('Bans are global'));
    assert.ok(
      note?.includes(`${UNKNOWN} on an unknown number of hosts`) &&
        note.includes(`${md5('tool')} on one host`),
    );
  });
});

describe('A rule that is overridden', () => {
  it('lets the ban through, and the receipt says which rule, who, why and what', async () => {
    const receipt = await bansOnly(2, [md5('many')], {
      overrides: ['prevalent-ban', 'disabled-ban'],
      requestedBy: 'ana',
      reason: 'worm on every host',
    });
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(outcomes(receipt), new Map([[md5('many'), 'banned']]));
    assert.match(receipt.bans[0]?.why ?? '', /Seen on 26 hosts/);
    const said = { who: 'ana', why: 'worm on every host' };
    assert.deepEqual(receipt.overrides, [
      { rule: 'prevalent-ban', ...said, letThrough: `ban of ${md5('many')}` },
      { rule: 'disabled-ban', ...said, letThrough: null },
    ]);
  });

  it('lets no system file through', async () => {
    const receipt = await bansOnly(2, [md5('windows')], {
      overrides: ['prevalent-ban'],
      reason: 'sure',
      requestedBy: 'ann',
    });
    assert.deepEqual(
      [receipt.verdict, outcomes(receipt).get(md5('windows'))],
      ['contained-partly', 'refused'],
    );
    assert.equal(receipt.overrides[0]?.letThrough, null);
  });
});

describe('A disabled ban of somebody else', () => {
  it('stays disabled where the policy says so', async () => {
    enableDisabled = false;
    try {
      const receipt = await bansOnly(3, [md5('liftedAndMany')], {
        overrides: ['prevalent-ban'],
        reason: 'sure',
        requestedBy: 'ann',
      });
      assert.match(receipt.bans[0]?.why ?? '', /disabled ban of bob/);
      assert.equal(await everBanned(md5('liftedAndMany')), false);
    } finally {
      enableDisabled = true;
    }
  });
});

describe('A ban that somebody makes between our look and our request', () => {
  it('is already banned, and stays when this run is undone', async () => {
    const hash = 'CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD';
    const hold = env().simulator.hold({ ...POST, nth: 1, when: 'before' });
    const ended = bansOnly(3, [hash]);
    await hold.arrived;
    await env().cb.bans.add(hash, 'by hand');
    hold.release();
    const receipt = await ended;
    assert.deepEqual([receipt.verdict, outcomes(receipt).get(hash)], ['contained', 'already-banned']);
  });
});

describe('A kill', () => {
  it('of a system file stands, and its hash is not banned', async () => {
    const receipt = await contain({ hostname: hostName(6), processName: 'windows.exe' });
    assert.deepEqual([receipt.verdict, receipt.gaps], ['contained-partly', ['ban-refused']]);
    assert.deepEqual(
      receipt.processes.map((p) => p.outcome),
      ['killed'],
    );
    assert.equal(receipt.hostState.fact, true, 'the host is isolated');
    assert.equal(receipt.bans[0]?.publisher, 'Microsoft Windows');
    assert.equal(await everBanned(md5('windows')), false);
  });
});

describe('A server that lets nobody look at files', () => {
  it('has no hash banned blindly, and keeps nothing else from being done', async () => {
    const fault = env().simulator.faults.add({ ...SUMMARY, kind: REFUSED['403'] });
    const receipt = await contain({
      hostname: hostName(9),
      processName: 'evil.exe',
      banScope: 'instance',
      banMd5: [UNKNOWN.replaceAll('B', 'E')],
    });
    fault.remove();
    assert.deepEqual([receipt.verdict, receipt.gaps], ['contained-partly', ['ban-refused']]);
    assert.ok(
      receipt.bans.every((b) => b.outcome === 'refused' && /^It could not be judged/.test(b.why ?? '')),
    );
    assert.deepEqual([receipt.hostState.fact, receipt.processes[0]?.outcome], [true, 'killed']);
    assert.ok(receipt.problems.some((p) => p.type === 'Forbidden'));
  });

  it('for a moment is asked again', async () => {
    const fault = env().simulator.faults.add({ ...SUMMARY, kind: 'html-502', times: 2 });
    const receipt = await bansOnly(10, [evilMd5(9)]);
    assert.equal(fault.hits(), 2);
    assert.equal(receipt.verdict, 'contained');
  });
});

describe('Many bans', () => {
  const many = (letter: string, count: number): string[] =>
    Array.from(
      { length: count },
      (_, i) => letter.repeat(30) + i.toString(16).toUpperCase().padStart(2, '0'),
    );
  const mine = (entry: { body?: unknown }, letter: string): boolean =>
    JSON.stringify(entry.body ?? null).includes(letter.repeat(30));

  it('are never more than four at once', async () => {
    const set = many('A', 30);
    const open = new Set<number>();
    let most = 0;
    const stop = env().simulator.observe(({ phase, entry }) => {
      if (entry.method === 'GET' || !mine(entry, 'A')) return;
      if (phase === 'after') open.delete(entry.n);
      else open.add(entry.n);
      most = Math.max(most, open.size);
    });
    const slow = env().simulator.faults.add({ ...POST, kind: { delayMs: 20 } });
    const receipt = await bansOnly(4, set);
    stop();
    slow.remove();
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.bans.filter((b) => b.outcome === 'banned').length, 30);
    assert.ok(most > 1 && most <= 4, `${most} at once`);
  });

  it('that wait for their turn are not begun after a cancel, and those that were are undone', async () => {
    const set = many('B', 9);
    const holds = Array.from({ length: 4 }, (_, i) =>
      env().simulator.hold({ ...POST, nth: i + 1, when: 'before' }),
    );
    const run = await env().contain({ hostname: hostName(5), isolate: false, kill: false, banMd5: set });
    const ended = env().timePasses(run.outcome());
    await Promise.all(holds.map((h) => h.arrived));
    await run.handle.cancel();
    // Until the workflow has heeded it.
    await new Promise((done) => setTimeout(done, 2_000));
    for (const hold of holds) hold.release();
    const { receipt, closed } = await ended;
    assert.deepEqual([closed, receipt?.verdict], ['cancelled', 'rolled-back']);
    const posts = env()
      .simulator.journal()
      .filter((e) => e.method === 'POST' && e.route.endsWith('/blacklist') && mine(e, 'B'));
    assert.equal(posts.length, 4);
    const { bans } = await env().simulator.state();
    assert.deepEqual(
      bans.filter((b) => b.enabled && b.md5.toUpperCase().startsWith('BBBBBB')),
      [],
    );
    assert.equal(receipt?.bans.filter((b) => b.why === 'Not tried yet.').length, 5);
  });
});

describe('Hashes by name', () => {
  it('are judged as well: the system file of that name on another host is left', async () => {
    const receipt = await contain({
      hostname: hostName(8),
      processName: 'evil.exe',
      banScope: 'name',
      isolate: false,
    });
    assert.deepEqual(receipt.gaps, ['ban-refused']);
    assert.equal(outcomes(receipt).get(evilMd5(8)), 'banned');
    assert.equal(outcomes(receipt).get(evilMd5(7)), 'banned');
    assert.equal(outcomes(receipt).get(md5('office')), 'refused');
    assert.equal(await everBanned(md5('office')), false);
  });
});
