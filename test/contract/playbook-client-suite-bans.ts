import assert from 'node:assert/strict';
import { isCbError } from '../../cb-response/index.js';
import type { ClientCase } from './playbook-client-bench.js';

const MD5 = '0C1A1F0D57E42B5A4E86B1B5B2D1C3AA';

export const bans: ClientCase[] = [
  {
    name: 'a ban is made once, read back, disabled, and made to count again.',
    test: async ({ cb, sure, faulty, effects }) => {
      assert.equal(await sure(() => cb.bans.get(MD5)), null);
      const added = await sure(() => cb.bans.add(MD5, 'first'));
      if (!faulty) assert.equal(added, 'added');
      const made = await sure(() => cb.bans.get(MD5));
      assert.deepEqual([made?.md5, made?.enabled, made?.text], [MD5, true, 'first']);

      assert.equal(await sure(() => cb.bans.disable(MD5)), 'disabled');
      const off = await sure(() => cb.bans.get(MD5));
      assert.equal(off?.enabled, false);
      await sure(async () => {
        const now = await cb.bans.get(MD5);
        if (now) await cb.bans.enable({ ...now, text: 'second' });
      });
      const on = await sure(() => cb.bans.get(MD5));
      assert.deepEqual([on?.enabled, on?.text], [true, 'second']);
      assert.deepEqual(
        (await sure(() => cb.bans.list())).map(({ md5, enabled }) => [md5, enabled]),
        [[MD5, true]],
      );
      if (!faulty) {
        const done = await effects('banned', 'unbanned');
        assert.deepEqual(
          done.map(({ effect }) => effect),
          ['banned', 'unbanned', 'banned'],
        );
      }
    },
  },
  {
    name: 'a ban that stands is left alone, whoever made it.',
    test: async ({ cb, sure, simulator, knobs }) => {
      await simulator.act.addBan(MD5, 'analyst', 'theirs');
      const said = await sure(() => cb.bans.add(MD5, 'ours'));
      // This kind of server takes it for a new one; so a ban is read before one is made.
      if (knobs.banPost === '200-enabled-409-disabled') return assert.equal(said, 'added');
      assert.equal(said, 'exists');
      const ban = await sure(() => cb.bans.get(MD5));
      assert.deepEqual([ban?.username, ban?.text], ['analyst', 'theirs']);
    },
  },
  {
    name: 'disabling what was never banned says so.',
    test: async ({ cb, sure }) => assert.equal(await sure(() => cb.bans.disable(MD5)), 'absent'),
  },
  {
    name: 'what is no MD5 is refused before anything is sent.',
    test: async ({ cb, simulator }) => {
      await assert.rejects(cb.bans.add('vnc.exe', 'why'), (error) => isCbError(error, 'refused'));
      assert.deepEqual(simulator.journal(), []);
    },
  },
];
