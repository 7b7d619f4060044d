import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Mistake, Receipt } from '../../contract/index.js';
import { requireTemporalBinary } from '../../scripts/temporal-binaries.mjs';
import { outcomeOf } from '../../testing/index.js';
import { Child } from '../support/child.js';
import { freshName } from '../support/names.js';
import { waitFor } from '../support/wait-for.js';
import { cleanEnv } from '../support/worker-process.js';
import { cli, type CliError, documentOf } from './cli.js';
import { type House, startHouse } from './house.js';

describe('a plain start with the temporal command line', () => {
  let house: House;
  before(async () => (house = await startHouse()));
  after(() => house.stop());

  /** Runs the `temporal` command line to its end. */
  async function temporal(...args: string[]): Promise<void> {
    const where = [
      '--address',
      house.server.address,
      '--namespace',
      house.env['TEMPORAL_NAMESPACE'] ?? 'default',
    ];
    const child = new Child(requireTemporalBinary('cli'), [...args, ...where], cleanEnv());
    const { code } = await child.exited;
    assert.equal(code, 0, child.stderr);
  }

  const START = ['--type', 'containEndpoint', '--task-queue', 'cb-response-playbook'];

  async function start(input: string, workflowId = freshName('alert')): Promise<string> {
    await temporal('workflow', 'start', ...START, '--workflow-id', workflowId, '--input', input);
    return workflowId;
  }

  it('with the smallest request contains the host, under whatever workflow id', async () => {
    await start('{"hostname":"win7pro64","processName":"vnc.exe"}', 'alert-4711');
    const receipt = (await house.client.workflow.getHandle('alert-4711').result()) as Receipt;
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.workflowId, 'alert-4711');
    assert.equal(receipt.isolation.leaseId, 'isolation/1');
    assert.deepEqual(
      receipt.processes.map((p) => p.outcome),
      ['killed', 'killed'],
    );
  });

  it('has a receipt for our command line too, by its workflow id', async () => {
    const ran = await cli(['receipt', 'alert-4711', '--json'], house.env);
    assert.equal(ran.code, 0, ran.stdout);
    assert.equal(documentOf<Receipt>(ran).workflowId, 'alert-4711');
  });

  it('by a schedule contains the host, too', async () => {
    const input = '{"hostname":"win7pro64-2","processName":"vnc.exe","reason":"every night"}';
    const id = ['--schedule-id', 'nightly'];
    const action = [...START, '--workflow-id', 'nightly', '--input', input];
    await temporal('schedule', 'create', ...id, ...action, '--interval', '30d');
    await temporal('schedule', 'trigger', ...id);
    const schedule = house.client.schedule.getHandle('nightly');
    const started = await waitFor(
      'the schedule to start a run',
      async () => (await schedule.describe()).info.recentActions.at(-1)?.action.workflow.workflowId,
    );
    const receipt = (await house.client.workflow.getHandle(started).result()) as Receipt;
    assert.equal(receipt.verdict, 'contained');
    assert.match(receipt.workflowId, /^nightly-20\d\d-/);
    assert.equal(receipt.requestedBy[0]?.reason, 'every night');
    assert.equal((await house.state()).sensors.find((sensor) => sensor.id === 2)?.fact, true);
    await schedule.delete();
  });

  for (const [title, input, field] of [
    ['an unknown key', '{"hostname":"win7pro64","processname":"vnc.exe"}', 'processname'],
    ['no host', '{"processName":"vnc.exe"}', ''],
    ['a wildcard', '{"hostname":"win7*","processName":"vnc.exe"}', 'hostname'],
    ['what is no object', '"win7pro64"', ''],
    ['null', 'null', ''],
  ] as const) {
    it(`with ${title} fails at once as InvalidRequest, and changes nothing`, async () => {
      const before = (await house.ledger()).length;
      const id = await start(input);
      const outcome = await outcomeOf(house.client.workflow.getHandle(id));
      assert.equal(outcome.closed, 'failed');
      assert.equal(outcome.type, 'InvalidRequest');
      const mistakes = outcome.details[0] as Mistake[];
      assert.ok(
        mistakes.some((m) => m.field === field),
        JSON.stringify(mistakes),
      );
      assert.equal((await house.ledger()).length, before);
      const ran = await cli(['receipt', id, '--json'], house.env);
      assert.equal(ran.code, 2, ran.stdout);
      assert.equal(documentOf<CliError>(ran).error.code, 'InvalidRequest');
    });
  }

  it('that was terminated has no receipt: it says that the host may still be isolated', async () => {
    const id = await start('{"hostname":"win7pro64","processName":"vnc.exe"}');
    const handle = house.client.workflow.getHandle(id);
    await handle.terminate('a test');
    const ran = await cli(['receipt', id, '--json'], house.env);
    assert.equal(ran.code, 1, ran.stdout);
    const { error } = documentOf<CliError>(ran);
    assert.equal(error.code, 'RunTerminated');
    assert.match(error.message, /may still be isolated/);
    assert.match(error.next ?? '', /isolation\/<sensor id>/);
  });

  it('is found by the lease that it holds, too', async () => {
    const ran = await cli(['status', 'isolation/1', '--json'], house.env);
    assert.equal(ran.code, 0, ran.stdout);
    assert.equal(documentOf<{ workflowId: string }>(ran).workflowId, 'alert-4711');
  });
});
