import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BrakesState, PauseResult, Receipt, UndoReceipt } from '../../client/index.js';
import type { SelftestReceipt } from '../../cli/selftest/receipt.js';
import { emptyFolder } from '../support/folders.js';
import { cli, type CliError, documentOf } from './cli.js';
import { type House, startHouse } from './house.js';
import { isolations } from './lease-effects.js';

const HOST = 'win7pro64';

describe('pause, resume and undo as commands', () => {
  let house: House;
  before(async () => (house = await startHouse()));
  after(() => house.stop());

  const run = (...args: string[]) => cli([...args, '--json'], house.env);
  const contain = () =>
    run('contain', '--hostname', HOST, '--process-name', 'vnc.exe', '--ban-scope', 'none');

  it('pause stops what would start: contain exits 16 and says who, why and what to do', async () => {
    const paused = documentOf<PauseResult>(await run('pause', '--reason', 'alert storm'));
    assert.deepEqual([paused.changed, paused.state.why], [true, 'alert storm']);
    const ran = await contain();
    assert.equal(ran.code, 16, ran.stdout);
    const receipt = documentOf<Receipt>(ran);
    assert.match(receipt.summary, /alert storm.*cb-playbook resume/);
    assert.deepEqual(await isolations(house, 1), []);
  });

  it('status says it in words; pause --show tells what counts', async () => {
    const [status, show] = [await cli(['status', HOST], house.env), await run('pause', '--show')];
    assert.match(status.stdout, /THE PLAYBOOK IS PAUSED by .* alert storm/);
    assert.equal(documentOf<BrakesState>(show).paused, true);
  });

  it('resume lets it go on; undo shows its plan, then does it, then has nothing left to do', async () => {
    assert.equal(
      (await cli(['resume'], house.env)).stdout.trim(),
      'The playbook goes on: containments may start again.',
    );
    const contained = await contain();
    assert.equal(contained.code, 0, contained.stdout);
    const plan = await cli(['undo', HOST], house.env);
    assert.equal(plan.code, 0, plan.stderr);
    assert.match(plan.stdout, /^PLANNED {2}WIN7PRO64\n/);
    assert.match(plan.stdout, /next +Do it: cb-playbook undo contain\/win7pro64 --run-id [-0-9a-f]+ --yes/);
    assert.deepEqual(await isolations(house, 1), [true]);
    const done = await run('undo', HOST, '--yes', '--reason', 'false alarm');
    assert.equal(done.code, 0, done.stdout);
    assert.equal(documentOf<UndoReceipt>(done).verdict, 'undone');
    assert.deepEqual(await isolations(house, 1), [true, false]);
    const again = await run('undo', HOST, '--yes');
    assert.deepEqual([again.code, documentOf<UndoReceipt>(again).verdict], [0, 'nothing-to-undo']);
  });

  it('selftest names host and changes, and does nothing unless somebody consents: exit 2', async () => {
    const before = (await house.ledger()).length;
    const ran = await cli(['selftest', '--hostname', HOST, '--json'], house.cbEnv);
    assert.equal(ran.code, 2, ran.stdout);
    assert.match(
      documentOf<CliError>(ran).error.message,
      /WIN7PRO64 was not consented to: nothing was changed/,
    );
    assert.match(ran.stderr, /self-test of WIN7PRO64 \(sensor 1\)[\s\S]*isolates WIN7PRO64/);
    assert.equal((await house.ledger()).length, before);
  });

  it('selftest --yes contains a marker of its own, undoes it, and keeps a receipt without the token: exit 0', async () => {
    const file = join(emptyFolder(), 'receipt.json');
    const ran = await cli(['selftest', '--hostname', HOST, '--yes', '--out', file, '--json'], house.cbEnv);
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    const text = await readFile(file, 'utf8');
    const receipt = documentOf<SelftestReceipt>(ran);
    assert.deepEqual(JSON.parse(text), receipt);
    assert.deepEqual([receipt.schema, receipt.verdict], ['cb-response-playbook/selftest/v1', 'passed']);
    assert.deepEqual((await isolations(house, 1)).slice(-2), [true, false]);
    for (const said of [text, ran.stdout, ran.stderr])
      assert.ok(!said.includes(house.cbEnv['CBAPI_TOKEN'] ?? '?'));
  });

  it('selftest of a host that is not there says so, and changes nothing: exit 12', async () => {
    const file = join(emptyFolder(), 'receipt.json');
    const ran = await cli(['selftest', '--hostname', 'win7pro6', '--yes', '--out', file], house.cbEnv);
    assert.equal(ran.code, 12, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /There is no host win7pro6\. Nearest: WIN7PRO64/);
  });

  it('undo of a run that never was: exit 4', async () => {
    const ran = await run('undo', 'contain/nobody');
    assert.equal(ran.code, 4, ran.stdout);
    assert.equal(documentOf<CliError>(ran).error.code, 'NoSuchRun');
  });
});

// Nothing listens there: whoever gets as far as Temporal ends with 3, so 2 shows that nothing was asked of anybody.
const NOBODY = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

describe('bad input of the guard verbs', { concurrency: 2 }, () => {
  for (const [args, expected] of [
    [['pause'], /--reason: It is empty/],
    [['pause', '--show', '--reason', 'x'], /--show only looks/],
    [['resume', '--reason', ' '], /--reason: It is empty/],
    [['undo'], /missing required argument 'id'/i],
    [['undo', 'a', '--run-id', '7'], /--run-id: "7" is no run id/],
    [['undo', 'a', '--wait', '5'], /--wait is "5"/],
  ] as const) {
    it(`${args.join(' ')}: one clear message, code 2`, async () => {
      const ran = await cli([...args, '--json'], NOBODY);
      assert.equal(ran.code, 2, ran.stdout);
      const { error } = documentOf<CliError>(ran);
      assert.match(error.message, expected);
      assert.ok(error.expected && error.next);
    });
  }
});
