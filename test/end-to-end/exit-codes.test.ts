import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Receipt, Verdict } from '../../contract/index.js';
import { waitFor } from '../support/wait-for.js';
import { cli, documentOf, type Ran, startCli } from './cli.js';
import { type House, startHouse } from './house.js';

const HOST = 'win7pro64';
const NO_SESSION = { method: 'POST', route: '/api/v1/cblr/session', times: 1, kind: { status: 401 } };
const NO_UNBAN = { method: 'DELETE', routePattern: '/banning/blacklist/', times: 1, kind: { status: 403 } };

describe('The exit code of a verdict, as child processes give it', () => {
  let house: House;
  before(async () => (house = await startHouse()));
  after(() => house.stop());

  /** `contain` has ended with this; `receipt` of the same run must end alike. */
  async function assertBoth(ran: Ran, verdict: Verdict, code: number): Promise<void> {
    const receipt = documentOf<Receipt>(ran);
    assert.deepEqual([receipt.verdict, ran.code], [verdict, code], ran.stdout);
    const again = await cli(['receipt', receipt.workflowId, '--json'], house.env);
    assert.deepEqual([documentOf<Receipt>(again).runId, again.code], [receipt.runId, code], again.stdout);
  }

  for (const [code, verdict, title, args, faults] of [
    [12, 'not-contained', 'no such host', ['--hostname', 'nosuch', '--process-name', 'vnc.exe'], []],
    [16, 'not-contained', 'a guard rail', ['--hostname', HOST, '--process-name', 'lsass.exe'], []],
    [0, 'planned', 'a dry run', ['--hostname', HOST, '--process-name', 'vnc.exe', '--dry-run'], []],
    [13, 'rolled-back', 'no session', ['--hostname', HOST, '--process-name', 'vnc.exe'], [NO_SESSION]],
    [
      ...[14, 'rollback-incomplete', 'no session, and a ban that cannot be undone'],
      ['--hostname', HOST, '--process-name', 'vnc.exe', '--ban-md5', 'A'.repeat(32)],
      [NO_SESSION, NO_UNBAN],
    ],
    [10, 'contained-partly', 'nothing matched', ['--hostname', HOST, '--process-name', 'vncc.exe'], []],
    [0, 'contained', 'nothing in the way', ['--hostname', HOST, '--process-name', 'vnc.exe'], []],
  ] as [number, Verdict, string, string[], object[]][]) {
    it(`is ${code}: ${verdict}, for ${title}`, async () => {
      for (const fault of faults) await house.fault(fault);
      await assertBoth(await cli(['contain', ...args, '--json'], house.env), verdict, code);
    });
  }

  it('is 11: isolation-pending, for a host that is away and a wish that was kept', async () => {
    await house.act('goOffline', 2);
    const args = ['--hostname', 'win7pro64-2', '--process-name', 'vnc.exe', '--json'];
    const waiting = startCli(['contain', ...args], house.env);
    await waitFor('the wish to stand', async () =>
      (await house.state()).sensors.some((sensor) => sensor.id === 2 && sensor.wish),
    );
    const cancelled = await cli(['cancel', 'win7pro64-2', '--keep'], house.env);
    assert.equal(cancelled.code, 0, cancelled.stderr);
    const { code } = await waiting.exited;
    await assertBoth({ code, stdout: waiting.stdout, stderr: waiting.stderr }, 'isolation-pending', 11);
  });
});
