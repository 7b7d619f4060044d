import assert from 'node:assert/strict';
import { isCbError } from '../../cb-response/index.js';
import type { ClientCase } from './playbook-client-bench.js';

/** One more than an unpaged answer may hold here. */
const FLEET = 301;

export const sensors: ClientCase[] = [
  {
    name: 'the server tells its version and whether it has Live Response.',
    test: async ({ cb, sure }) => {
      const info = await sure(() => cb.info());
      assert.match(info.version, /^[567]\.\d+\./);
      assert.equal(info.cblrEnabled, true);
    },
  },
  {
    name: 'a host is found by its name in any case, short or full, and no look-alike with it.',
    test: async ({ cb, sure }) => {
      for (const hostname of ['win7pro64', 'WIN7PRO64', 'win7pro64.corp.example']) {
        const match = await sure(() => cb.sensors.findExactlyOne({ hostname }));
        assert.equal(match.kind === 'one' && match.sensor.id, 1, `${hostname}: ${JSON.stringify(match)}`);
      }
    },
  },
  {
    name: 'a host that is not there is none, and sensors are visible all the same.',
    test: async ({ cb, sure }) => {
      const match = await sure(() => cb.sensors.findExactlyOne({ hostname: 'nobody' }));
      assert.deepEqual([match.kind, match.kind === 'none' && match.visible], ['none', true]);
      assert.equal(await sure(() => cb.sensors.get(9_999)), null);
    },
  },
  {
    name: 'a filter that matches more sensors than one answer may hold gives them all.',
    scenario: { name: 'fleet', sensors: [], fillerSensors: FLEET },
    knobs: { unpagedSensorLimit: FLEET - 1 },
    test: async ({ cb, sure }) => {
      const found = await sure(() => cb.sensors.search({ hostname: 'FILLER' }));
      assert.equal(new Set(found.map(({ id }) => id)).size, FLEET);
    },
  },
  {
    name: 'a wish becomes a fact at a check-in, both ways, and the group stays.',
    test: async ({ cb, sure, until, effects }) => {
      for (const wanted of [true, false]) {
        await sure(() => cb.sensors.setIsolation({ id: 1, groupId: 1 }, wanted));
        const asked = await sure(() => cb.sensors.get(1));
        assert.deepEqual([asked?.wish, asked?.fact, asked?.groupId], [wanted, !wanted, 1]);
        await until('the fact', async () => (await sure(() => cb.sensors.get(1)))?.fact === wanted);
      }
      const done = await effects('wish-set', 'wish-cleared', 'isolated', 'released');
      assert.deepEqual(
        done.map(({ effect, sensorId }) => `${effect} ${sensorId}`),
        ['wish-set 1', 'isolated 1', 'wish-cleared 1', 'released 1'],
      );
    },
  },
  {
    name: 'a right that is missing is named, and nothing is done.',
    knobs: { rights: { view: true, isolate: false, ban: false, liveResponse: false } },
    test: async ({ cb, sure, simulator }) => {
      for (const action of [
        () => cb.sensors.setIsolation({ id: 1, groupId: 1 }, true),
        () => cb.bans.add('0C1A1F0D57E42B5A4E86B1B5B2D1C3AA', 'why'),
        () => cb.liveResponse.open(1),
      ] as (() => Promise<unknown>)[]) {
        await assert.rejects(sure(action), (error) => isCbError(error, 'forbidden') && error.right !== null);
      }
      assert.deepEqual(await simulator.ledger(), []);
    },
  },
  {
    name: 'a token that sees nothing is told from a host that is not there.',
    knobs: { rights: { view: false, isolate: true, ban: true, liveResponse: true } },
    test: async ({ cb, sure }) => {
      const match = await sure(() =>
        cb.sensors.findExactlyOne({ hostname: 'win7pro64' }).catch((error: unknown) => {
          if (isCbError(error, 'forbidden')) return { kind: 'none' as const, visible: false };
          throw error;
        }),
      );
      assert.deepEqual([match.kind, match.kind === 'none' && match.visible], ['none', false]);
    },
  },
];
