import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  BRAKES_ID,
  brakesStart,
  type BrakesState,
  type PauseResult,
  type Receipt,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../../contract/index.js';
import type { ReadyLine } from '../../worker/index.js';
import type { Child } from '../support/child.js';
import { cli, type CliError, documentOf } from './cli.js';
import { type HouseOfProcesses, startProcesses } from './house.js';

const REQUEST = ['contain', '--hostname', 'win7pro64', '--process-name', 'vnc.exe'];

describe('when no worker polls', () => {
  let house: HouseOfProcesses;
  let worker: Child;
  before(async () => (house = await startProcesses({ worker: false })));
  after(() => house.stop());

  it('contain says so, and that a run was started which goes on by itself: exit 3', async () => {
    const ran = await cli([...REQUEST, '--json'], house.env);
    assert.equal(ran.code, 3, ran.stdout);
    const { error } = documentOf<CliError>(ran);
    assert.equal(error.code, 'NoWorker');
    assert.match(error.message, /contain\/win7pro64 was started \(run [0-9a-f-]+\) and goes on by itself/);
    assert.match(error.next ?? '', /cb-playbook worker/);
    assert.equal(error['workflowId'], 'contain/win7pro64');
  });

  it('pause of brakes that run as paused has nothing to change', async () => {
    const paused = { by: 'ann', since: new Date().toISOString(), why: 'before' };
    const running = await house.client.workflow.start(WORKFLOW_TYPES.brakes, {
      ...brakesStart({ paused, lastHour: [], isolated: [], events: [] }),
      taskQueue: TASK_QUEUES.main,
    });
    const ran = await cli(['pause', '--reason', 'storm', '--json'], house.env);
    const { changed, state } = documentOf<PauseResult>(ran);
    assert.deepEqual([ran.code, changed, state.why], [0, false, 'before']);
    await running.terminate('end of the test');
  });

  it('pause of brakes that run says that only a worker can, and what to do: exit 3', async () => {
    const running = await house.client.workflow.start(WORKFLOW_TYPES.brakes, {
      ...brakesStart(null),
      taskQueue: TASK_QUEUES.main,
    });
    const ran = await cli(['pause', '--reason', 'storm', '--json'], house.env);
    assert.equal(ran.code, 3, ran.stdout);
    const { error } = documentOf<CliError>(ran);
    assert.match(error.message, /only a worker can pause/);
    assert.match(
      error.next ?? '',
      /temporal workflow terminate --workflow-id brakes --namespace default, then pause/,
    );
    await running.terminate('as it says');
  });

  it('a second contain is not lost in silence: it says that the running one could not be told', async () => {
    const ran = await cli([...REQUEST, '--json'], house.env);
    assert.equal(ran.code, 3, ran.stdout);
    assert.match(
      documentOf<CliError>(ran).error.message,
      /runs already, and this request could not be handed over/,
    );
  });

  it('status and cancel --keep say that only a worker can: exit 3, nothing cancelled', async () => {
    const [status, cancel] = await Promise.all([
      cli(['status', 'win7pro64', '--json'], house.env),
      cli(['cancel', 'win7pro64', '--keep', '--json'], house.env),
    ]);
    assert.deepEqual([status.code, cancel.code], [3, 3]);
    assert.match(documentOf<CliError>(cancel).error.message, /nothing was cancelled/);
  });

  it('doctor says which queues nobody polls, and exits with a failure', async () => {
    const ran = await cli(['doctor', '--json'], house.cbEnv);
    const { ok, checks } = documentOf<{ ok: boolean; checks: { check: string; state: string }[] }>(ran);
    assert.equal(ok, false);
    assert.equal(ran.code, 3);
    assert.deepEqual(
      checks.filter((c) => c.check.startsWith('Queue')).map((c) => c.state),
      ['fail', 'fail'],
    );
  });

  it('doctor tells a Cb server that does not answer from one that refuses: exit 3, and exit 1', async () => {
    const silent = await cli(['doctor', '--json'], { ...house.cbEnv, CBAPI_URL: 'http://127.0.0.1:9' });
    assert.equal(silent.code, 3, silent.stdout);
    const refused = await cli(['doctor', '--json'], { ...house.cbEnv, CBAPI_TOKEN: 'f'.repeat(40) });
    assert.equal(refused.code, 1, refused.stdout);
  });

  it('--no-wait exits 0 all the same, and says that nobody polls', async () => {
    const ran = await cli(
      ['contain', '--hostname', 'win7pro64-2', '--process-name', 'vnc.exe', '--no-wait', '--json'],
      house.env,
    );
    assert.equal(ran.code, 0, ran.stdout);
    assert.equal(documentOf<{ noWorker: boolean }>(ran).noWorker, true);
    assert.match(ran.stderr, /No worker polls/);
  });

  it('the run goes on by itself when a worker comes', async () => {
    worker = await house.startWorker();
    const receipt = (await house.client.workflow.getHandle('contain/win7pro64').result()) as Receipt;
    assert.equal(receipt.verdict, 'contained');
    const doctor = await cli(['doctor', '--json'], house.cbEnv);
    assert.equal(doctor.code, 0, doctor.stdout);
  });

  it('that worker serves both task queues, and eight Live Response sessions at once unless told otherwise', async () => {
    const { slots, taskQueues } = JSON.parse(await worker.line('stdout', /"ready":true/)) as ReadyLine;
    assert.deepEqual([slots, taskQueues], [8, ['cb-response-playbook', 'cb-response-live-response']]);
  });

  it('a namespace that is not there is named: exit 3', async () => {
    const ran = await cli([...REQUEST, '--json'], { ...house.env, TEMPORAL_NAMESPACE: 'nowhere' });
    assert.equal(ran.code, 3, ran.stdout);
    assert.match(documentOf<CliError>(ran).error.message, /has no namespace "nowhere"/);
  });

  it('a worker that was killed a moment ago is found out: exit 3, and the run that was there is not lost', async () => {
    // A host that is offline keeps the run waiting.
    await house.act('goOffline', 1);
    const opened = await cli(
      ['contain', '--hostname', 'win7pro64', '--process-name', 'vnc.exe', '--no-wait'],
      house.env,
    );
    assert.equal(opened.code, 0, opened.stderr);
    await worker.kill();
    const [joining, starting] = await Promise.all([
      cli(['contain', '--hostname', 'win7pro64', '--process-name', 'x.exe', '--json'], house.env),
      cli(['contain', '--sensor-id', '2', '--process-name', 'x.exe', '--json'], house.env),
    ]);
    assert.deepEqual([joining.code, starting.code], [3, 3]);
    assert.match(documentOf<CliError>(joining).error.message, /could not be handed over to it for certain/);
    assert.match(documentOf<CliError>(starting).error.message, /contain\/sensor-2 was started/);
  });

  it('pause needs no worker where no brakes run, and holds when one comes', async () => {
    const pause = (reason: string) => cli(['pause', '--reason', reason, '--json'], house.env);
    const paused = await pause('alert storm');
    assert.equal(paused.code, 0, paused.stdout);
    const { changed, state } = documentOf<PauseResult>(paused);
    assert.deepEqual([changed, state.paused, state.why], [true, true, 'alert storm']);
    const show = await cli(['pause', '--show', '--json'], house.env);
    assert.equal(documentOf<BrakesState>(show).why, 'alert storm');
    await house.client.workflow.getHandle(BRAKES_ID).terminate('somebody tidies up');
    assert.equal(documentOf<PauseResult>(await pause('and again')).state.why, 'alert storm');
    await house.startWorker();
    const refused = await cli(
      ['contain', '--hostname', 'win7pro64-2', '--process-name', 'x.exe', '--json'],
      house.env,
    );
    assert.equal(refused.code, 16, refused.stdout);
    const resumed = documentOf<PauseResult>(await cli(['resume', '--json'], house.env));
    assert.deepEqual(
      resumed.state.events.map((e) => e.what.replace(/by \S+?(:| once|$)/, 'by X$1')),
      ['Paused by X: alert storm', 'Paused by X once more: and again', 'Resumed by X'],
    );
  });
});
