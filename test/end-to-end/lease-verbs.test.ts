import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type {
  ContainmentStatus,
  HostStatus,
  IsolateResult,
  Leases,
  ReleaseResult,
} from '../../client/index.js';
import { QUERIES } from '../../contract/index.js';
import { waitFor } from '../support/wait-for.js';
import { cli, type CliError, documentOf, startCli } from './cli.js';
import { type House, startHouse } from './house.js';
import { isolations } from './lease-effects.js';

const HOST = 'win7pro64';
const SENSOR = 1;

let house: House;
before(async () => (house = await startHouse()));
after(() => house.stop());

describe('the lease verbs, one host and one person', () => {
  it('isolate takes a hold of this person, kills nothing, and exits 0 once the sensor confirms', async () => {
    const ran = await cli(
      ['isolate', HOST, '--reason', 'looks odd', '--lease', '4h', '--wait', '60s', '--json'],
      house.env,
    );
    assert.equal(ran.code, 0, ran.stdout);
    const { outcome, holdId, host } = documentOf<IsolateResult>(ran);
    assert.equal(outcome, 'isolated');
    assert.match(holdId, /^person\/[^/]+\/[0-9a-f-]{36}$/);
    assert.deepEqual([host.wish, host.fact, host.leaseId], [true, true, 'isolation/1']);
    assert.deepEqual(await isolations(house, SENSOR), [true]);
    const effects = (await house.ledger()).map((e) => e.effect);
    assert.ok(!effects.includes('killed') && !effects.includes('session-opened'));
  });

  it('status shows it at a glance although no containment ever ran: who, why, until when', async () => {
    const ran = await cli(['status', HOST], house.env);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^WIN7PRO64 is isolated; held by .*, until 20\d\d-/);
    assert.match(ran.stdout, /looks odd/);
    assert.match(ran.stdout, /check-in +next expected \d\d:\d\d:\d\dZ/);
  });

  it('leases lists it; status of the lease by its own id tells the same', async () => {
    const [leases, byId] = await Promise.all([
      cli(['leases', '--json'], house.env),
      cli(['status', 'isolation/1', '--json'], house.env),
    ]);
    const rows = documentOf<Leases>(leases).leases;
    assert.deepEqual(
      rows.map((r) => [r.hostname, r.wish, r.holds.length, r.until !== null]),
      [['WIN7PRO64', true, 1, true]],
    );
    assert.equal(documentOf<{ host: HostStatus }>(byId).host.fact, true);
  });

  it('extend sets the end, counted from now; until-released takes it away', async () => {
    const longer = await cli(['extend', HOST, '8h', '--json'], house.env);
    assert.equal(longer.code, 0, longer.stdout);
    const until = Date.parse(documentOf<{ until: string }>(longer).until);
    assert.ok(Math.abs(until - Date.now() - 8 * 3_600_000) < 60_000);
    const forever = await cli(['extend', HOST, 'until-released', '--json'], house.env);
    assert.equal(documentOf<{ until: string | null }>(forever).until, null);
  });

  it('extend past what the policy allows changes nothing: exit 2', async () => {
    const ran = await cli(['extend', HOST, '400d', '--json'], house.env);
    assert.equal(ran.code, 2, ran.stdout);
    assert.match(documentOf<CliError>(ran).error.message, /duration: "400d" is more than the policy allows/);
    assert.equal(await untilOf(house), null);
  });

  it('extend of a hold that is not there lists those that are: exit 2', async () => {
    const ran = await cli(['extend', HOST, '2h', '--hold', 'person/nobody/1', '--json'], house.env);
    assert.equal(ran.code, 2, ran.stdout);
    assert.match(documentOf<CliError>(ran).error.message, /--hold: There is no hold .* One of person\//);
    assert.equal(await untilOf(house), null);
  });

  it('a second hold stands beside the first, and both are named', async () => {
    const ran = await cli(['isolate', HOST, '--reason', 'second look', '--json'], house.env);
    assert.equal(ran.code, 0, ran.stdout);
    assert.equal(documentOf<IsolateResult>(ran).outcome, 'already-isolated');
    const extended = await cli(['extend', HOST, '2h', '--json'], house.env);
    assert.equal(extended.code, 2);
    assert.match(documentOf<CliError>(extended).error.message, /2 holds stand on this host/);
  });

  it('release ends what people hold, and exits 0 only when the sensor says that it is released', async () => {
    const ran = await cli(['release', HOST, '--reason', 'clean', '--wait', '60s', '--json'], house.env);
    assert.equal(ran.code, 0, ran.stdout);
    const { outcome, ended, remaining, host } = documentOf<ReleaseResult>(ran);
    assert.deepEqual([outcome, ended.length, remaining.length], ['released', 2, 0]);
    assert.deepEqual([host.wish, host.fact], [false, false]);
    assert.deepEqual(await isolations(house, SENSOR), [true, false]);
  });

  it('a lease that is not there: release and extend exit 4, an unknown host too, nothing changed', async () => {
    const before = await isolations(house, SENSOR);
    for (const args of [
      ['release', HOST, '--reason', 'again'],
      ['extend', HOST, '2h'],
      ['isolate', 'win7pro6', '--reason', 'typo'],
      ['release', 'win7pro6', '--reason', 'typo'],
      ['status', 'win7pro6'],
    ]) {
      const ran = await cli([...args, '--json'], house.env);
      assert.equal(ran.code, 4, `${args.join(' ')}: ${ran.stdout}`);
      assert.ok(documentOf<CliError>(ran).error.next);
    }
    assert.deepEqual(await isolations(house, SENSOR), before);
  });

  it('a host that stays away: exit 15, and it says what isolates it; Ctrl-C leaves the waiting', async () => {
    await house.act('goOffline', 2);
    await cli(['isolate', 'win7pro64-2', '--reason', 'away', '--no-wait'], house.env);
    const ran = await cli(
      ['isolate', 'win7pro64-2', '--reason', 'away', '--wait', '1s', '--json'],
      house.env,
    );
    assert.equal(ran.code, 15, ran.stdout);
    const { outcome, host } = documentOf<IsolateResult>(ran);
    assert.equal(outcome, 'pending');
    assert.match(host.summary, /NOT isolated yet: the wish stands/);
    const waiting = startCli(
      ['isolate', 'win7pro64-2', '--reason', 'x', '--wait', '5m', '--json'],
      house.env,
    );
    await waiting.line('stderr', /NOT isolated yet/);
    waiting.signal('SIGINT');
    assert.equal((await waiting.exited).code, 130);
    assert.match(waiting.stdout, /goes on by itself/);
    const released = await cli(['release', 'win7pro64-2', '--reason', 'clean', '--json'], house.env);
    assert.ok(released.code === 0 || released.code === 15, released.stdout);
    assert.deepEqual(await isolations(house, 2), [true, false]);
  });

  it('a server that refuses the wish: exit 1, said why, and no hold stays behind', async () => {
    await house.fault({ method: 'PUT', routePattern: '/v1/sensor/', times: 1, kind: { status: 405 } });
    const ran = await cli(['isolate', HOST, '--reason', 'no right', '--json'], house.env);
    assert.equal(ran.code, 1, ran.stdout);
    const { error } = documentOf<CliError>(ran);
    assert.deepEqual([error.code, error['type']], ['IsolationRefused', 'Forbidden']);
    const { leases } = documentOf<Leases>(await cli(['leases', '--json'], house.env));
    assert.deepEqual(
      leases.filter((l) => l.sensorId === SENSOR),
      [],
    );
  });

  async function untilOf({ env }: House): Promise<string | null> {
    return documentOf<{ host: HostStatus }>(await cli(['status', HOST, '--json'], env)).host.until;
  }
});

describe('a containment and a person on one host', () => {
  const earlier = new Map<number, number>();
  before(async () => {
    await house.act('comeOnline', 2);
    for (const id of [SENSOR, 2]) earlier.set(id, (await isolations(house, id)).length);
  });
  const isolationsSince = async (id: number): Promise<boolean[]> =>
    (await isolations(house, id)).slice(earlier.get(id));

  it('a containment that waits for its host holds it, and status tells both', async () => {
    await house.act('goOffline', SENSOR);
    const contained = await cli(
      ['contain', '--hostname', HOST, '--process-name', 'vnc.exe', '--on-failure', 'ask', '--no-wait'],
      house.env,
    );
    assert.equal(contained.code, 0, contained.stderr);
    const isolated = await cli(['isolate', HOST, '--reason', 'mine', '--no-wait', '--json'], house.env);
    assert.equal(isolated.code, 0, isolated.stdout);
    const status = await cli(['status', HOST, '--json'], house.env);
    const { verdict, host } = documentOf<ContainmentStatus & { host: HostStatus }>(status);
    assert.equal(verdict, null);
    assert.deepEqual(
      host.holds.map((h) => [h.workflowId, h.running]).sort(),
      [
        ['contain/win7pro64', true],
        [null, null],
      ].sort(),
    );
  });

  it("release ends the person's hold alone, names the containment and exits 10", async () => {
    const ran = await cli(['release', HOST, '--reason', 'mine is done', '--json'], house.env);
    assert.equal(ran.code, 10, ran.stdout);
    const { outcome, ended, remaining } = documentOf<ReleaseResult>(ran);
    assert.deepEqual([outcome, ended.length], ['held', 1]);
    assert.deepEqual(
      remaining.map((h) => h.workflowId),
      ['contain/win7pro64'],
    );
    assert.deepEqual(await isolationsSince(SENSOR), [true]);
  });

  it('decide is refused while it asks nothing: exit 4', async () => {
    const ran = await cli(['decide', HOST, '--release', '--reason', 'no', '--json'], house.env);
    assert.equal(ran.code, 4, ran.stdout);
    assert.equal(documentOf<CliError>(ran).error.code, 'NotAsking');
  });

  it('a cancel with policy ask waits for a person, and decide --release undoes the run', async () => {
    assert.equal((await cli(['cancel', HOST], house.env)).code, 0);
    const run = house.client.workflow.getHandle('contain/win7pro64');
    await waitFor('the run to ask', async () => {
      return (await run.query<ContainmentStatus>(QUERIES.status)).step === 'ask';
    });
    const { stdout: asking } = await cli(['status', HOST], house.env);
    assert.match(asking, /It asks what to do/);
    assert.match(asking, /decide contain\/win7pro64 --keep \| --release \| --auto --reason/);
    const decided = await cli(['decide', HOST, '--release', '--reason', 'false alarm', '--json'], house.env);
    assert.equal(decided.code, 0, decided.stdout);
    await house.act('comeOnline', SENSOR);
    await run.result().catch(() => undefined);
    const receipt = await cli(['receipt', HOST, '--json'], house.env);
    assert.equal(receipt.code, 13, receipt.stdout);
    assert.match(receipt.stdout, /false alarm/);
    assert.deepEqual(await isolationsSince(SENSOR), [true, false]);
  });

  it('a run with an id of its own is found by its host, and its hold is ended once it has closed', async () => {
    await house.client.workflow.execute('containEndpoint', {
      workflowId: 'alert-4711',
      taskQueue: 'cb-response-playbook',
      args: [{ hostname: 'win7pro64-2', kill: false, lease: '4h' }],
    });
    const status = await cli(['status', 'win7pro64-2', '--json'], house.env);
    const { workflowId, host } = documentOf<ContainmentStatus & { host: HostStatus }>(status);
    assert.equal(workflowId, 'alert-4711');
    assert.deepEqual([host.fact, host.untilIsEarliest], [true, false]);
    const ran = await cli(['release', 'alert-4711', '--reason', 'clean', '--wait', '60s'], house.env);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(await isolationsSince(2), [true, false]);
  });
});
