import assert from 'node:assert/strict';
import { syntheticFile } from '../../simulator/index.js';
import type { ClientCase } from './playbook-client-bench.js';

const MD5 = syntheticFile('evil-vnc', 48_128).md5.toUpperCase();

export const search: ClientCase[] = [
  {
    name: 'a search by name gives one row a GUID, of exactly that name, on one sensor or on all.',
    test: async ({ cb, sure, until }) => {
      await until('indexed', async () => (await sure(() => cb.processes.byName('vnc.exe'))).rows.length > 0);
      const here = await sure(() => cb.processes.byName('VNC.exe', { sensorId: 1 }));
      assert.deepEqual(here.rows.map(({ pid, md5 }) => [pid, md5]).sort(), [
        [2212, MD5],
        [3048, MD5],
      ]);
      const everywhere = await sure(() => cb.processes.byName('vnc.exe'));
      assert.deepEqual([...new Set(everywhere.rows.map(({ sensorId }) => sensorId))].sort(), [1, 2]);
    },
  },
  {
    name: 'a process is found by its GUID and by its hash; an unknown one is null.',
    test: async ({ cb, sure, simulator, until }) => {
      const { sensors } = await simulator.state();
      const { guid } = sensors[0]?.processes.find(({ pid }) => pid === 2212) ?? { guid: '' };
      await until('indexed', async () => (await sure(() => cb.processes.byGuid(guid))) !== null);
      const row = await sure(() => cb.processes.byGuid(guid));
      assert.deepEqual([row?.md5, row?.sensorId, row?.pid], [MD5, 1, 2212]);
      const same = await sure(() => cb.processes.byMd5(MD5, { sensorId: 1 }));
      assert.equal(same.rows.length, 2);
      assert.equal(await sure(() => cb.processes.byGuid('00000001-0000-270f-01d3-8bc59134afe6')), null);
    },
  },
  {
    name: 'what has just started is in the index a while later.',
    test: async ({ cb, sure, simulator, until }) => {
      const guid = await simulator.act.startProcess(1, { path: 'c:\\late.exe' });
      assert.equal(await sure(() => cb.processes.byGuid(guid)), null);
      await until('indexed', async () => (await sure(() => cb.processes.byGuid(guid))) !== null);
      const { rows } = await sure(() => cb.processes.byName('late.exe'));
      assert.equal(rows.length, 1);
    },
  },
];
