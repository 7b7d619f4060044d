import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ContainRequest, type JoinResult, type Receipt, UPDATES } from '../../contract/index.js';
import { effectsOn } from './support/aftermath.js';
import { evil, evilMd5, host, hostName, md5Of, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const OTHER = 'c:\\programdata\\other.exe';
const NEVER = { indexedAfter: null };
const other = (n: number) => evil(n, { path: OTHER, pid: 2500, binary: `other-${n}` });
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: scenario([
    host(1, { processes: [evil(1), other(1)] }),
    host(2, { processes: [] }),
    host(3, { processes: [evil(3, { path: 'c:\\x\\lonely.exe' })] }),
    host(4, { processes: [evil(4), other(4)] }),
    host(5, { processes: [evil(5, NEVER)] }),
    host(6),
  ]),
});
const bansOf = (receipt: Receipt) => receipt.bans.map((b) => b.md5).sort();

async function contain(n: number, request: Partial<ContainRequest>, joins: Partial<ContainRequest>[] = []) {
  const hold = env().simulator.hold({
    method: 'POST',
    route: /\/command$/,
    bodyIncludes: { name: 'process list' },
    when: 'before',
  });
  const run = await env().contain({ hostname: hostName(n), ...request });
  const ended = env().timePasses(run.outcome());
  await hold.arrived;
  for (const join of joins) {
    await run.handle.executeUpdate<JoinResult, [{ request: ContainRequest }]>(UPDATES.join, {
      args: [{ request: { hostname: hostName(n), ...join } }],
    });
  }
  hold.release();
  const { receipt } = await ended;
  assert.ok(receipt);
  return receipt;
}

describe('Hashes by name', () => {
  it('are those of a joined name too, though nothing of it is killed', async () => {
    const receipt = await contain(1, { processName: 'evil.exe' }, [
      { processName: 'other.exe', kill: false, banScope: 'name' },
    ]);
    assert.equal(receipt.verdict, 'contained');
    assert.ok(bansOf(receipt).includes(md5Of('other-1')));
    assert.ok(bansOf(receipt).includes(md5Of('other-4')), 'of every host');
    // Not who is alive: a ban in force stops a running copy at the next check-in.
    const killed = (await effectsOn(env(), 1, ['killed'])).map((e) => e.pid);
    assert.deepEqual(killed, [2400], 'the other was not to be killed');
  });

  it('are banned although nothing on this host matched', async () => {
    const receipt = await contain(2, { processName: 'lonely.exe', banScope: 'name' });
    assert.deepEqual(receipt.gaps, ['nothing-matched']);
    assert.deepEqual(
      receipt.bans.map((b) => [b.md5, b.outcome]),
      [[evilMd5(3), 'banned']],
    );
  });
});

describe('A join that widens the ban scope', () => {
  it('bans what the first request found as well', async () => {
    const receipt = await contain(4, { processName: 'evil.exe', banScope: 'none' }, [
      { processName: 'other.exe', banScope: 'instance' },
    ]);
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(bansOf(receipt), [evilMd5(4), md5Of('other-4')].sort());
  });

  it('and kills nothing itself does so too', async () => {
    const receipt = await contain(6, { processName: 'evil.exe', banScope: 'none' }, [
      { kill: false, banScope: 'instance' },
    ]);
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(bansOf(receipt), [evilMd5(6)]);
  });
});

describe('The same selector again before the index knows of it', () => {
  it('is contained: what this run killed stays killed', async () => {
    const receipt = await contain(5, { processName: 'evil.exe' }, [{ processName: 'evil.exe' }]);
    assert.equal(receipt.verdict, 'contained', JSON.stringify([receipt.gaps, receipt.problems]));
    assert.deepEqual(
      receipt.processes.map((p) => p.outcome),
      ['killed'],
    );
    assert.deepEqual(bansOf(receipt), [evilMd5(5)]);
  });
});
