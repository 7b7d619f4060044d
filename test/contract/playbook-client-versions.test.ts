import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Profile } from '../../simulator/index.js';
import { withClient } from './playbook-client-bench.js';
import { CLIENT_SUITE } from './playbook-client-suite.js';

const PROFILES: Profile[] = ['5.2', '6.2', '7.5'];
/** A kill of a pid that is not there: as Windows says it, and as the others do. */
const hosts = [
  {
    os: 'windows',
    hostname: 'winbox',
    id: 43,
    pid: 2400,
    path: 'c:\\users\\public\\eviltool.exe',
    gone: 2_147_942_487,
  },
  {
    os: 'macos',
    hostname: 'macbook-of-ann',
    id: 41,
    pid: 700,
    path: '/Users/ann/Library/Evil Tool/eviltool',
    gone: 3,
  },
  { os: 'linux', hostname: 'db1', id: 42, pid: 4242, path: '/tmp/.x/eviltool', gone: 3 },
];

for (const profile of PROFILES) {
  describe(`On a server of version ${profile}`, () => {
    for (const { name, test, ...options } of CLIENT_SUITE) {
      it(name, () => withClient({ ...options, profile }, test));
    }

    for (const { os, hostname, id, pid, path, gone } of hosts) {
      it(`a ${os} host is found, listed, killed on and isolated.`, () =>
        withClient({ scenario: 'mac-and-linux', profile }, async (bench) => {
          const { cb } = bench;
          const match = await cb.sensors.findExactlyOne({ hostname });
          assert.ok(match.kind === 'one', JSON.stringify(match));
          assert.deepEqual([match.sensor.id, match.sensor.osType], [id, os]);
          const session = await bench.session(id);
          const { processes } = await bench.command(session, 'process list');
          assert.equal(processes?.find((process) => process.pid === pid)?.path, path);
          assert.equal((await bench.command(session, 'kill', pid)).resultCode, 0);
          assert.equal((await bench.command(session, 'kill', pid)).resultCode, gone);
          await cb.sensors.setIsolation(match.sensor, true);
          await bench.until('isolated', async () => (await cb.sensors.get(id))?.fact === true);
          const killed = await bench.effects('killed', 'isolated');
          assert.deepEqual(
            killed.map(({ effect, sensorId }) => `${effect} ${sensorId}`),
            [`killed ${id}`, `isolated ${id}`],
          );
        }));
    }
  });
}
