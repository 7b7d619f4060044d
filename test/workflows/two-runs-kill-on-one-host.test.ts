import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aftermath, effectsOn } from './support/aftermath.js';
import { REQUESTS } from './support/fault-table.js';
import { EVIL_PATH, evil, evilMd5, host, hostName, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const PAYROLL = 'c:\\good\\payroll.exe';
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: scenario([
    host(1, { processes: [evil(1, { pidReusedBy: { afterMs: 1, path: PAYROLL } })] }),
    host(2, { processes: [evil(2), evil(2, { pid: 2404, pidReusedBy: { afterMs: 1, path: PAYROLL } })] }),
  ]),
});

/** Two runs of one host; the first is held at its kill until the second has a list that shows the same process alive. */
async function bothKill(n: number) {
  const lists = async () => (await effectsOn(env(), n, ['process-list'])).length;
  const hold = env().simulator.hold({ ...REQUESTS.kill(), when: 'before' });
  const first = await env().contain({ hostname: hostName(n), processName: 'evil.exe' });
  const firstEnds = env().timePasses(first.outcome());
  await hold.arrived;
  const before = await lists();
  const second = await env().contain({ sensorId: n, processName: 'evil.exe' });
  const secondEnds = env().timePasses(second.outcome());
  while ((await lists()) === before) await env().clock.sleep(50);
  hold.release();
  const receipts = [(await firstEnds).receipt, (await secondEnds).receipt];
  const killed = (await effectsOn(env(), n, ['killed', 'kill-failed'])).map((e) => [e.effect, e.pid, e.path]);
  return { receipts, killed: killed.sort() };
}

describe('Two runs that kill on one host', () => {
  it('never kill by a list from before the kill of the other: its pid may be somebody else’s by then', async () => {
    const { receipts, killed } = await bothKill(1);
    assert.deepEqual(killed, [['killed', 2400, EVIL_PATH]]);
    assert.deepEqual(
      receipts.map((receipt) => receipt?.verdict),
      ['contained', 'contained'],
    );
    const left = await aftermath(env(), 1, { path: EVIL_PATH, md5s: [evilMd5(1)] });
    assert.deepEqual(left, { wish: true, fact: true, alive: 0, banned: [evilMd5(1)], openSessions: [] });
  });

  it('kill each process once between them, and tell of it as theirs or as gone', async () => {
    const { receipts, killed } = await bothKill(2);
    assert.deepEqual(killed, [
      ['killed', 2400, EVIL_PATH],
      ['killed', 2404, EVIL_PATH],
    ]);
    const told = receipts.flatMap((receipt) => receipt?.processes.map((p) => `${p.pid} ${p.outcome}`) ?? []);
    assert.deepEqual(told.sort(), ['2400 already-gone', '2400 killed', '2404 already-gone', '2404 killed']);
  });
});
