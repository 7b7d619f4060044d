import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { effectsOn } from './support/aftermath.js';
import { host, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({
  scenario: scenario([
    host(1, { processes: [{ path: 'C:\\ProgramData\\EVIL.exe', pid: 2400 }] }),
    host(2, {
      os: 'macos',
      processes: [
        { path: '/tmp/evil', pid: 700, binary: 'mac-evil' },
        { path: '/tmp/Evil', pid: 701, binary: 'mac-other' },
      ],
    }),
    host(3, {
      os: 'linux',
      processes: [
        { path: '/tmp/.x/evil (deleted)', pid: 2001, binary: 'linux-evil' },
        { path: '/opt/EVIL', pid: 2002, binary: 'linux-other' },
        { path: '/opt/evil\\evil', pid: 2003, binary: 'linux-third' },
      ],
    }),
    host(4, { os: 'linux', processes: [{ path: '/tmp/evil', pid: 2001, binary: 'linux-near' }] }),
  ]),
});

async function killedOn(n: number, selector: { processName?: string; processPath?: string }) {
  const run = await env().contain({ sensorId: n, ...selector });
  const { receipt } = await run.outcome();
  const killed = (await effectsOn(env(), n, ['killed'])).map((e) => e.pid);
  return { receipt, killed };
}

describe('The playbook', () => {
  it('contains a Windows host: the base name in any case, both kinds of slash', async () => {
    const { receipt, killed } = await killedOn(1, { processPath: 'c:/programdata/evil.EXE' });
    assert.equal(receipt?.verdict, 'contained');
    assert.equal(receipt.target?.osType, 'windows');
    assert.equal(receipt.workflowId, 'contain/sensor-1');
    assert.deepEqual(killed, [2400]);
  });

  it('contains a macOS host: only the exact case', async () => {
    const { receipt, killed } = await killedOn(2, { processName: 'evil' });
    assert.equal(receipt?.verdict, 'contained');
    assert.equal(receipt.target?.osType, 'macos');
    assert.deepEqual(killed, [700]);
  });

  it('contains a Linux host: a deleted file keeps its name, a backslash is no separator', async () => {
    const { receipt, killed } = await killedOn(3, { processName: 'evil' });
    assert.equal(receipt?.target?.osType, 'linux');
    assert.deepEqual(killed, [2001]);
    assert.equal(receipt.verdict, 'contained', JSON.stringify(receipt.gaps));
  });

  it('kills nothing where only the case differs, and says what is near', async () => {
    const { receipt, killed } = await killedOn(4, { processName: 'EVIL' });
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['nothing-matched']);
    assert.ok(receipt.nearestNames.includes('evil'), receipt.nearestNames.join());
    assert.deepEqual(killed, []);
  });
});
