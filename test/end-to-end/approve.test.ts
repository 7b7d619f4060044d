import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ContainmentStatus, QUERIES, type Receipt } from '../../contract/index.js';
import { waitFor } from '../support/wait-for.js';
import { cli, type CliError, documentOf } from './cli.js';
import { type House, startHouse } from './house.js';

const CONTAIN = ['contain', '--hostname', 'win7pro64', '--process-name', 'vnc.exe'];

describe('plan, approve, apply on the command line', () => {
  let house: House;
  before(async () => (house = await startHouse()));
  after(() => house.stop());

  const run = () => house.client.workflow.getHandle('contain/win7pro64');
  const asks = async (): Promise<boolean> =>
    (await run().query<ContainmentStatus>(QUERIES.status)).step === 'approval';
  let digest = '';

  it('--dry-run prints the plan, changes nothing, and exits 0', async () => {
    const ran = await cli([...CONTAIN, '--dry-run'], house.env);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^PLANNED {2}WIN7PRO64/);
    assert.match(ran.stdout, /Nothing was changed\./);
    digest = /digest\s+([0-9a-f]{64})/.exec(ran.stdout)?.[1] ?? '';
    assert.notEqual(digest, '', ran.stdout);
    const effects = (await house.ledger()).map((e) => e.effect);
    for (const change of ['wish-set', 'killed', 'banned'] as const)
      assert.ok(!effects.includes(change), change);
  });

  it('--require-approval waits; approve takes the digest of what is shown, and no other', async () => {
    const started = await cli([...CONTAIN, '--require-approval', '--no-wait', '--json'], house.env);
    assert.equal(started.code, 0, started.stdout);
    await waitFor('the plan', asks);
    const status = documentOf<ContainmentStatus>(await cli(['status', 'win7pro64', '--json'], house.env));
    assert.equal(status.step, 'approval');
    assert.equal(status.approval?.plan.digest, digest, 'the same as of the dry run');
    const stale = await cli(['approve', 'win7pro64', '--digest', 'a'.repeat(64), '--json'], house.env);
    assert.deepEqual([stale.code, documentOf<CliError>(stale).error.code], [2, 'StaleDigest']);
    const bad = await cli(['approve', 'win7pro64', '--digest', 'yes', '--json'], house.env);
    assert.equal(bad.code, 2);
    const ran = await cli(['approve', 'win7pro64', '--digest', digest, '--reason', 'ticket 7'], house.env);
    assert.equal(ran.code, 0, ran.stderr);
    await run().result();
    const receipt = documentOf<Receipt>(await cli(['receipt', 'win7pro64', '--json'], house.env));
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual([receipt.approval?.answer, receipt.approval?.why], ['approved', 'ticket 7']);
  });

  it('deny of a run that has closed says so: exit 4', async () => {
    const ran = await cli(['deny', 'win7pro64', '--reason', 'late', '--json'], house.env);
    assert.deepEqual([ran.code, documentOf<CliError>(ran).error.code], [4, 'NotAsking']);
  });
});
