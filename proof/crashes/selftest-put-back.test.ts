import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { NoWorkerError } from '../../client/index.js';
import type { SelftestReceipt } from '../../cli/selftest/receipt.js';
import { leftBy } from '../selftest/left.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { labHost, type Ran, runSelftest, skippingPlaybook } from '../../test/selftest/support/lab.js';

const HASTY = 9;
let opened: PlaybookTestEnvironment | undefined;
before(async () => {
  opened = await createPlaybookTestEnvironment({
    scenario: {
      name: 'lab',
      sensors: [
        labHost(1, { os: 'macos', uploaded: { starts: 'refused' } }),
        labHost(2, { os: 'linux', uploaded: { starts: 'dies' } }),
        labHost(3, { uploaded: { kill: 'denied' } }),
        ...[4, 5, 6, 7, 8, HASTY].map((n) => labHost(n)),
      ],
    },
    checkinPhase: 0.1,
    log: () => undefined,
  });
});
after(() => opened?.close());
function env(): PlaybookTestEnvironment {
  assert.ok(opened);
  return opened;
}

const rows = ({ putBack }: SelftestReceipt): string[] => putBack.map((row) => `${row.what} ${row.outcome}`);
const failedStep = ({ steps }: SelftestReceipt): string | undefined =>
  steps.find((s) => s.outcome === 'failed')?.step;

/** Whatever it names as not put back may stand, and nothing else. */
async function assertHonest({ receipt, ledger, saved }: Ran, sensorId: number): Promise<void> {
  assert.deepEqual(leftBy(receipt, sensorId, await env().simulator.state(), ledger), []);
  for (const row of receipt.putBack)
    assert.equal(row.byHand !== null, row.outcome === 'failed', JSON.stringify(row));
  for (const text of saved) assert.ok(!text.includes(env().simulator.token));
  assert.deepEqual(JSON.parse(saved.at(-1) ?? 'null'), JSON.parse(JSON.stringify(receipt)));
}

describe('A self-test puts back what it made, and says what it could not', () => {
  it('where the system refuses the altered program: exit 1, nothing left, and what then.', async () => {
    const ran = await runSelftest(env(), { hostname: 'LAB-1' });
    assert.deepEqual([ran.receipt.exitCode, failedStep(ran.receipt)], [1, 'make-marker']);
    assert.match(ran.receipt.summary, /macOS may refuse a signed program.*--program PATH/);
    assert.deepEqual(rows(ran.receipt), ['process gone', 'file put-back']);
    await assertHonest(ran, 1);
  });

  it('where the marker ends at once: exit 1, nothing left.', async () => {
    const ran = await runSelftest(env(), { hostname: 'LAB-2' });
    assert.deepEqual([ran.receipt.exitCode, failedStep(ran.receipt)], [1, 'make-marker']);
    assert.match(ran.receipt.summary, /ended at once/);
    await assertHonest(ran, 2);
  });

  it('where the kill is refused: the run is undone, and marker and file are named: exit 14.', async () => {
    const ran = await runSelftest(env(), { hostname: 'LAB-3' });
    assert.deepEqual([ran.receipt.exitCode, failedStep(ran.receipt)], [14, 'contain']);
    assert.equal(ran.receipt.contain?.verdict, 'contained-partly');
    assert.deepEqual(rows(ran.receipt), [
      'run put-back',
      'isolation gone',
      'ban gone',
      'process failed',
      'file failed',
    ]);
    assert.match(
      ran.receipt.putBack.find((r) => r.what === 'process')?.byHand ?? '',
      /taskkill \/F \/IM cb-playbook-selftest-/,
    );
    await assertHonest(ran, 3);
  });

  it('where an analyst has a session of the host: exit 12, nothing changed.', async () => {
    const analysts = await env().simulator.act.openSessionAs(4, 'analyst');
    const ran = await runSelftest(env(), { hostname: 'LAB-4' });
    assert.equal(ran.receipt.exitCode, 12);
    assert.match(ran.receipt.objections[0]?.what ?? '', new RegExp(`session ${analysts} of LAB-4`));
    assert.deepEqual(
      ran.ledger.filter((e) => e.by === 'playbook'),
      [],
    );
    await env().simulator.act.closeSession(analysts);
  });

  it('where an analyst’s session takes the place of ours, whose request was lost: exit 1, theirs stands.', async () => {
    const opening = { method: 'POST', route: '/api/v1/cblr/session', bodyIncludes: { sensor_id: HASTY } };
    const post = env().simulator.hold({ ...opening, when: 'before' });
    const theirs = post.arrived.then(async () => {
      const id = await env().simulator.act.openSessionAs(HASTY, 'analyst');
      post.cut();
      return id;
    });
    const ran = await runSelftest(env(), { hostname: `LAB-${HASTY}` });
    const id = await theirs;
    assert.deepEqual([ran.receipt.exitCode, failedStep(ran.receipt)], [1, 'make-marker']);
    assert.match(ran.receipt.summary, new RegExp(`Session ${id} of this host is somebody else's`));
    const { sessions } = await env().simulator.state();
    assert.equal(sessions.find((s) => s.id === id)?.status, 'pending');
    await env().simulator.act.closeSession(id);
    await assertHonest(ran, HASTY);
  });

  it('where the server fails midway: exit 1, nothing left.', async () => {
    const fault = env().simulator.faults.add({
      bodyIncludes: { name: 'create process' },
      kind: { status: 500 },
    });
    const ran = await runSelftest(env(), { hostname: 'LAB-5' });
    fault.remove();
    assert.deepEqual([ran.receipt.exitCode, failedStep(ran.receipt)], [1, 'make-marker']);
    assert.deepEqual(rows(ran.receipt), ['process gone', 'file put-back']);
    await assertHonest(ran, 5);
  });

  it('on Ctrl-C while the host is being isolated: the run is cancelled and undoes itself, exit 1, nothing left.', async () => {
    const stop = new AbortController();
    const end = env().simulator.observe(({ phase, entry }) => {
      if (phase === 'after' && entry.route === 'PUT /api/v1/sensor/:id') stop.abort(new Error('Ctrl-C'));
    });
    const ran = await runSelftest(env(), { hostname: 'LAB-6', signal: stop.signal });
    end();
    assert.deepEqual([ran.receipt.exitCode, failedStep(ran.receipt)], [1, 'contain'], ran.receipt.summary);
    assert.match(ran.receipt.summary, /It was interrupted/);
    assert.equal(ran.receipt.contain?.verdict, 'rolled-back');
    assert.ok(
      ran.ledger.some((e) => e.effect === 'wish-set') && ran.ledger.some((e) => e.effect === 'wish-cleared'),
    );
    await assertHonest(ran, 6);
  });

  it('where the worker is gone midway: released and un-banned by a hand of its own, and the run is named: exit 14.', async () => {
    const playbook = skippingPlaybook(env());
    const gone = (): Promise<never> =>
      Promise.reject(new NoWorkerError('cb-response-playbook', 'It is gone.'));
    const ran = await runSelftest(env(), {
      hostname: 'LAB-7',
      playbook: {
        ...playbook,
        undo: gone,
        waitForReceipt: gone,
        containEndpoint: async (request, o) => {
          const run = await playbook.containEndpoint(request, o);
          if (request.dryRun === true) return run;
          return { ...run, waitForReceipt: async (wait) => (await run.waitForReceipt(wait), await gone()) };
        },
      },
    });
    assert.deepEqual([ran.receipt.exitCode, failedStep(ran.receipt)], [14, 'contain']);
    assert.deepEqual(rows(ran.receipt), [
      'run failed',
      'isolation put-back',
      'ban put-back',
      'process gone',
      'file put-back',
    ]);
    await assertHonest(ran, 7);
    const undone = await env().timePasses(env().playbook.undo('contain/lab-7', { apply: true }));
    assert.notEqual(undone.verdict, 'partly');
  });

  it('where the sensor does not confirm the release: the host is named as cut off: exit 14.', async () => {
    const playbook = skippingPlaybook(env());
    const ran = await runSelftest(env(), {
      hostname: 'LAB-8',
      playbook: {
        ...playbook,
        undo: async (id, o) => {
          await env().simulator.act.goOffline(8);
          return await env().playbook.undo(id, { ...o, waitMs: 300 });
        },
      },
    });
    assert.deepEqual([ran.receipt.exitCode, failedStep(ran.receipt)], [14, 'undo']);
    assert.deepEqual(rows(ran.receipt), ['run failed', 'isolation failed', 'ban gone', 'file failed']);
    assert.match(ran.receipt.putBack[1]?.why ?? '', /stays cut off until its next check-in/);
    assert.match(ran.receipt.putBack[1]?.byHand ?? '', /cb-playbook release LAB-8/);
    await assertHonest(ran, 8);
    await env().simulator.act.comeOnline(8);
  });
});
