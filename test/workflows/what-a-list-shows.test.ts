import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exitCodeOf, type ContainRequest } from '../../contract/index.js';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, evil, evilMd5, host, hostName, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const respawn = (times: number | 'forever') => ({ respawn: { afterMs: 200, times } });
const env = withEnvironment({
  scenario: scenario([
    host(1, { processes: [evil(1, respawn(2))] }),
    host(2, { processes: [evil(2, respawn('forever'))] }),
    host(3, { processes: [evil(3, { path: 'c:\\programdata\\evill.exe' })] }),
    host(4, { processes: [evil(4, { kill: 'denied' }), evil(4, { pid: 2404 })] }),
    host(5, { processes: [evil(5, { kill: 'ignored' })] }),
    host(6, { processes: [evil(6, { killDelayMs: 800 })] }),
    host(7, {
      processes: [
        evil(7, { pidReusedBy: { afterMs: 10, path: 'c:\\windows\\system32\\notepad.exe' } }),
        evil(7, { pid: 2404, path: 'c:\\windows\\notepad.exe' }),
      ],
    }),
    host(8, { processes: [evil(8)] }),
    host(9, { processes: [evil(9, { path: 'c:\\temp\\lsass.exe', pid: 3000 })] }),
    host(10, { processes: [evil(10, { path: 'c:\\programdata\\SHELL.exe' })] }),
  ]),
});

const contain = async (n: number, more: Partial<ContainRequest> = {}) => {
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe', ...more });
  const outcome = await run.outcome();
  assert.ok(outcome.receipt);
  return { ...outcome, receipt: outcome.receipt };
};
const left = (n: number) => aftermath(env(), n, { path: EVIL_PATH, md5s: [evilMd5(n)] });

describe('A process that comes back', () => {
  it('is killed again in rounds, each instance with its own row', async () => {
    const { receipt } = await contain(1);
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(
      receipt.processes.map((p) => [p.outcome, p.round]),
      [1, 2, 3].map((round) => ['killed', round]),
    );
    assert.equal(new Set(receipt.processes.map((p) => p.guid)).size, 3);
  });

  it('for ever is given up after the limit: process-alive, the host isolated, its hash banned', async () => {
    const { closed, receipt } = await contain(2);
    assert.equal(closed, 'failed');
    assert.equal(receipt.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['process-alive']);
    assert.equal(exitCodeOf(receipt), 10);
    assert.equal(receipt.processes.at(-1)?.outcome, 'respawned');
    assert.match(receipt.processes.at(-1)?.why ?? '', /came back \d+ times/);
    const { wish, fact, banned, openSessions } = await left(2);
    assert.deepEqual(
      { wish, fact, banned, openSessions },
      {
        wish: true,
        fact: true,
        banned: [evilMd5(2)],
        openSessions: [],
      },
    );
  });
});

describe('A selector that matches nothing', () => {
  it('is a gap that names the nearest names, and the host stays isolated', async () => {
    const { receipt } = await contain(3);
    assert.equal(receipt.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['nothing-matched']);
    assert.equal(receipt.nearestNames[0], 'evill.exe');
    assert.equal(receipt.nearestNames.length, 5);
    assert.deepEqual(receipt.processes, []);
    assert.equal(receipt.hostState.fact, true);
  });
});

describe('A process that cannot be killed', () => {
  it('survives with the server’s own words, and the others die', async () => {
    const { receipt } = await contain(4);
    assert.equal(receipt.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['process-alive']);
    const denied = receipt.processes.find((p) => p.pid === 2400);
    assert.equal(denied?.outcome, 'survived');
    assert.match(denied?.why ?? '', /80070005/);
    assert.equal(receipt.processes.find((p) => p.pid === 2404)?.outcome, 'killed');
    assert.equal((await left(4)).wish, true);
  });

  it('survives where the server reports a success that no list confirms', async () => {
    const { receipt } = await contain(5);
    assert.equal(receipt.verdict, 'contained-partly');
    assert.equal(receipt.processes[0]?.outcome, 'survived');
    assert.equal(receipt.hostState.liveMatches, 1);
  });

  it('is not one that only takes its time to exit', async () => {
    const { receipt } = await contain(6);
    assert.equal(receipt.verdict, 'contained');
    assert.equal((await effectsOn(env(), 6, ['killed'])).length, 1, 'killed once');
  });
});

describe('A pid', () => {
  it('that another program has got meanwhile is never killed', async () => {
    const { receipt } = await contain(7);
    assert.equal(receipt.verdict, 'contained');
    const killed = await effectsOn(env(), 7, ['killed']);
    assert.deepEqual(
      killed.map((e) => e.path),
      [EVIL_PATH],
    );
    const { sensors } = await env().simulator.state();
    const alive = sensors.find((s) => s.id === 7)?.processes.map((p) => p.path) ?? [];
    assert.ok(alive.includes('c:\\windows\\system32\\notepad.exe'), 'the new owner of the pid lives');
  });
});

describe('A second run', () => {
  it('finds what is dead already, bans nothing twice, and is contained too', async () => {
    assert.equal((await contain(8)).receipt.verdict, 'contained');
    // The index needs a moment to know the process.
    await env().sleep('2m');
    const { receipt } = await contain(8);
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(
      receipt.processes.map((p) => p.outcome),
      ['already-gone'],
    );
    assert.deepEqual(
      receipt.bans.map((b) => b.outcome),
      ['already-banned'],
    );
    assert.equal(receipt.isolation.outcome, 'already-isolated');
    assert.equal((await effectsOn(env(), 8, ['killed'])).length, 1);
  });
});

describe('A protected name', () => {
  it('alone is refused before anything is changed, exit 16', async () => {
    const { closed, receipt } = await contain(9, { processName: 'lsass.exe' });
    assert.equal(closed, 'failed');
    assert.equal(receipt.verdict, 'not-contained');
    assert.ok(receipt.problems.some((p) => p.type === 'ProtectedProcess'));
    assert.equal(exitCodeOf(receipt), 16);
    assert.deepEqual(await effectsOn(env(), 9, ['wish-set', 'session-opened', 'killed']), []);
  });

  it('named by the path of an impostor is killed, and the real one lives', async () => {
    const { receipt } = await contain(9, { processName: undefined, processPath: 'C:/Temp/lsass.exe' });
    assert.equal(receipt.verdict, 'contained');
    const killed = await effectsOn(env(), 9, ['killed']);
    assert.deepEqual(
      killed.map((e) => e.path),
      ['c:\\temp\\lsass.exe'],
    );
  });

  it('matched by hash only keeps its instance alive: protected, process-alive', async () => {
    const { sensors } = await env().simulator.state();
    const services = sensors
      .find((s) => s.id === 10)
      ?.processes.find((p) => p.path.endsWith('\\services.exe'));
    assert.ok(services);
    const { receipt } = await contain(10, {
      processName: undefined,
      processMd5: services.md5.toUpperCase(),
    });
    assert.equal(receipt.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['process-alive']);
    assert.deepEqual(
      receipt.processes.map((p) => [p.pid, p.outcome]),
      [[services.pid, 'protected']],
    );
    assert.deepEqual(receipt.bans, [], 'nor is its hash banned');
  });
});
