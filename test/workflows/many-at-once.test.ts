import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leaseId, type LeaseState, QUERIES, UPDATES } from '../../contract/index.js';
import type { LedgerEntry } from '../../simulator/index.js';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const HOSTS = 40;
const SLOTS = 4;
const SHARED = HOSTS + 1;
const DOMAIN = 'corp.example';
const env = withEnvironment({
  scenario: fleet(SHARED, (n) => (n === SHARED ? { dnsName: `${hostName(n)}.${DOMAIN}` } : {})),
  slots: SLOTS,
  checkinSeconds: 5,
});

/** Whatever a ticket may call it. */
const NAMES = [
  { sensorId: SHARED },
  { hostname: hostName(SHARED) },
  { hostname: hostName(SHARED).toLowerCase() },
  { hostname: `${hostName(SHARED)}.${DOMAIN}` },
];

describe('Four runs on one sensor by different names and ids', () => {
  it('are all contained, each effect once, each with its own hold', async () => {
    const runs = await Promise.all(
      NAMES.map((name, i) =>
        env().contain({ ...name, processName: 'evil.exe' }, { workflowId: `alert-${i + 1}` }),
      ),
    );
    const outcomes = await Promise.all(runs.map((run) => run.outcome()));
    assert.deepEqual(
      outcomes.map((o) => o.receipt?.verdict),
      Array(4).fill('contained'),
      JSON.stringify(outcomes.map((o) => [o.receipt?.gaps, o.receipt?.problems])),
    );
    const effects = await effectsOn(env(), SHARED, ['wish-set', 'killed', 'wish-cleared']);
    assert.deepEqual(effects.map((e) => e.effect).sort(), ['killed', 'wish-set']);
    const bans = (await effectsOn(env(), SHARED, ['banned'])).filter(
      (e) => e.md5?.toUpperCase() === evilMd5(SHARED),
    );
    assert.equal(bans.length, 1);
    const { holds } = await env().client.workflow.getHandle(leaseId(SHARED)).query<LeaseState>(QUERIES.holds);
    assert.deepEqual(holds.map((h) => h.workflowId).sort(), ['alert-1', 'alert-2', 'alert-3', 'alert-4']);
    assert.deepEqual((await left(SHARED)).openSessions, []);
  });

  it('release their host only when the last hold is given back', async () => {
    const lease = env().client.workflow.getHandle(leaseId(SHARED));
    const { holds } = await lease.query<LeaseState>(QUERIES.holds);
    for (const [i, { holdId }] of holds.entries()) {
      assert.equal((await left(SHARED)).fact, true, `${i} given back`);
      await lease.executeUpdate(UPDATES.release, { args: [{ holdId, who: 'ana' }] });
      await env().sleep('1m');
    }
    assert.equal((await left(SHARED)).fact, false);
  });
});

describe(`${HOSTS} containments on ${SLOTS} Live Response slots`, () => {
  it('are all contained; never are more sessions open than there are slots, and none is leaked', async () => {
    const runs = await Promise.all(
      Array.from({ length: HOSTS }, (_, i) =>
        env().contain({ hostname: hostName(i + 1), processName: 'evil.exe' }),
      ),
    );
    const outcomes = await Promise.all(runs.map((run) => run.outcome()));
    const verdicts = outcomes.map((o) => o.receipt?.verdict ?? o.message);
    assert.deepEqual(new Set(verdicts), new Set(['contained']));
    const ledger = await env().simulator.ledger();
    assert.ok(mostOpen(ledger) <= SLOTS, `${mostOpen(ledger)} sessions at once`);
    assert.equal(ledger.filter((e) => e.effect === 'killed').length, SHARED);
    for (let n = 1; n <= HOSTS; n += 1) {
      assert.deepEqual(await left(n), {
        wish: true,
        fact: true,
        alive: 0,
        banned: [evilMd5(n)],
        openSessions: [],
      });
    }
  });
});

const left = (n: number) => aftermath(env(), n, { path: EVIL_PATH, md5s: [evilMd5(n)] });

function mostOpen(ledger: LedgerEntry[]): number {
  let open = 0;
  let most = 0;
  for (const { effect } of ledger) {
    if (effect === 'session-opened') most = Math.max(most, (open += 1));
    if (effect === 'session-closed' || effect === 'session-timeout') open -= 1;
  }
  return most;
}
