import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ContainmentStatus, Receipt } from '../../contract/index.js';
import { waitFor } from '../support/wait-for.js';
import { cli, type CliError, documentOf, startCli } from './cli.js';
import { type House, startHouse } from './house.js';

const on = (hostname: string, processName = 'evil.exe'): string[] => [
  'contain',
  ...['--hostname', hostname, '--process-name', processName],
];

// LAPTOP-NEVER never comes online: its run waits for 72 hours, and a test can look at it.
describe('a run that takes long', () => {
  let house: House;
  before(async () => (house = await startHouse({ scenario: 'offline-host' })));
  after(() => house.stop());

  it('--no-wait exits 0 once it is started, and names the run', async () => {
    const ran = await cli([...on('laptop-never'), '--no-wait', '--json'], house.env);
    assert.equal(ran.code, 0, ran.stdout);
    const { joined, noWorker, workflowId, runId } = documentOf<Record<string, unknown>>(ran);
    assert.deepEqual(
      { joined, noWorker, workflowId },
      { joined: false, noWorker: false, workflowId: 'contain/laptop-never' },
    );
    assert.ok(runId);
  });

  it('a second request joins it, and is told so', async () => {
    const ran = await cli([...on('laptop-never', 'other.exe'), '--no-wait', '--json'], house.env);
    assert.equal(ran.code, 0, ran.stdout);
    assert.equal(documentOf<{ joined: boolean }>(ran).joined, true);
  });

  it('status tells what it waits for and who asked for what: exit 0', async () => {
    const ran = await cli(['status', 'laptop-never', '--json'], house.env);
    assert.equal(ran.code, 0, ran.stdout);
    const status = documentOf<ContainmentStatus>(ran);
    assert.equal(status.verdict, null);
    assert.ok(status.waitingFor.length > 0);
    assert.deepEqual(
      status.requestedBy.map((r) => [r.selector?.name, r.joined]),
      [
        ['evil.exe', false],
        ['other.exe', true],
      ],
    );
  });

  it('receipt says that it is still running: exit 15', async () => {
    const ran = await cli(['receipt', 'laptop-never', '--json'], house.env);
    assert.equal(ran.code, 15);
    assert.equal(documentOf<CliError>(ran).error.code, 'StillRunning');
  });

  it('--wait that runs out exits 15 and says how to look; the run goes on', async () => {
    const ran = await cli([...on('laptop-never'), '--wait', '2s', '--json'], house.env);
    assert.equal(ran.code, 15, ran.stdout);
    const { error } = documentOf<CliError>(ran);
    assert.equal(error.code, 'StillRunning');
    assert.match(error.next ?? '', /status contain\/laptop-never/);
    assert.equal((await cli(['status', 'laptop-never'], house.env)).code, 0);
  });

  it('Ctrl-C detaches: exit 130, says how to look and how to cancel; the run goes on', async () => {
    const waiting = startCli([...on('laptop-never'), '--json'], house.env);
    await waiting.line('stderr', /is running already/);
    waiting.signal('SIGINT');
    assert.equal((await waiting.exited).code, 130);
    const { error } = JSON.parse(waiting.stdout) as CliError;
    assert.equal(error.code, 'Detached');
    assert.match(error.next ?? '', /status contain\/laptop-never .* cancel contain\/laptop-never/);
    assert.equal((await cli(['status', 'laptop-never'], house.env)).code, 0);
  });

  it('cancel --keep changes the policy first: the wish stands and awaits the host, exit 11, who and why in the receipt', async () => {
    const cancelled = await cli(
      ['cancel', 'laptop-never', '--keep', '--reason', 'shift ends', '--json'],
      house.env,
    );
    assert.equal(cancelled.code, 0, cancelled.stdout);
    const { code, receipt } = await closedReceipt('laptop-never');
    assert.equal(code, 11);
    assert.equal(receipt.verdict, 'isolation-pending');
    assert.deepEqual(receipt.failurePolicy, { policy: 'keep', changedBy: asker(receipt), why: 'shift ends' });
    assert.equal(receipt.hostState.wish, true);
    assert.equal(await wishOf('LAPTOP-NEVER'), true);
  });

  it('a start after its end is a new run, told as new', async () => {
    // The kept hold of the run that has ended: with it the wish would stand for two.
    const released = await cli(['release', 'laptop-never', '--reason', 'begin anew', '--no-wait'], house.env);
    assert.equal(released.code, 0, released.stderr);
    await waitFor('the wish to be withdrawn', async () => (await wishOf('LAPTOP-NEVER')) === false);
    const ended = await closedReceipt('laptop-never');
    const started = await cli([...on('laptop-never'), '--no-wait', '--json'], house.env);
    assert.equal(started.code, 0, started.stdout);
    const { how, joined, workflowId, runId } = documentOf<Record<string, unknown>>(started);
    assert.deepEqual([how, joined, workflowId], ['started', false, 'contain/laptop-never']);
    assert.ok(runId);
    assert.notEqual(runId, ended.receipt.runId);
    const { requestedBy } = documentOf<ContainmentStatus>(
      await cli(['status', 'laptop-never', '--json'], house.env),
    );
    assert.deepEqual(
      requestedBy.map((r) => [r.selector?.name, r.joined]),
      [['evil.exe', false]],
    );
  });

  it('cancel --release undoes everything that the new run did: exit 13, who and why in the receipt', async () => {
    await waitFor('the new run to wish', async () => (await wishOf('LAPTOP-NEVER')) === true);
    const cancelled = await cli(
      ['cancel', 'laptop-never', '--release', '--reason', 'false alarm', '--json'],
      house.env,
    );
    assert.equal(cancelled.code, 0, cancelled.stdout);
    const { code, receipt } = await closedReceipt('laptop-never');
    assert.equal(code, 13);
    assert.equal(receipt.verdict, 'rolled-back');
    assert.equal(receipt.runId, documentOf<{ runId: string }>(cancelled).runId);
    assert.deepEqual(receipt.failurePolicy, {
      ...{ policy: 'release', changedBy: asker(receipt), why: 'false alarm' },
    });
    assert.deepEqual(
      receipt.undo.map((u) => [u.change, u.outcome]),
      [['isolation', 'undone']],
    );
    assert.equal(receipt.hostState.wish, false);
    assert.equal(await wishOf('LAPTOP-NEVER'), false);
  });

  /** Who asked for the run: the same person who cancelled it. */
  function asker(receipt: Receipt): string {
    const who = receipt.requestedBy[0]?.who;
    assert.ok(who);
    return who;
  }

  async function wishOf(hostname: string): Promise<boolean | undefined> {
    return (await house.state()).sensors.find((sensor) => sensor.hostname === hostname)?.wish;
  }

  /** Waits for the end without a worker's help, as `receipt` would, then reads what `receipt --json` prints. */
  async function closedReceipt(host: string): Promise<{ code: number | null; receipt: Receipt }> {
    await house.client.workflow
      .getHandle(`contain/${host}`)
      .result()
      .catch(() => undefined);
    const ran = await cli(['receipt', host, '--json'], house.env);
    return { code: ran.code, receipt: documentOf<Receipt>(ran) };
  }
});
