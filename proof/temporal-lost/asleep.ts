import { setTimeout as sleep } from 'node:timers/promises';
import { fleet } from '../../test/chaos/fleet.js';
import type { Attack } from './attack.js';
import { judgeEnd } from './ended.js';
import { openHouse, STANDING_CLOCK } from './house.js';
import { MOMENTS, standAtEach } from './moments.js';

/** Who is there while it sleeps, and what its clock says when it wakes. */
const KINDS = {
  'asleep-alone': { another: false, clockStands: false, words: 'nobody else is there' },
  'asleep-relieved': { another: true, clockStands: false, words: 'another worker takes over' },
  'paused-relieved': {
    another: true,
    clockStands: true,
    words: 'as a paused virtual machine whose clock stood still; another worker takes over',
  },
} as const;

/**
 * The worker's machine sleeps in the midst of everything (SIGSTOP, then SIGCONT): its activities are given up meanwhile,
 * and either nobody else is there, or another worker takes them over before the sleeper wakes.
 */
export function sleepAttack(
  name: keyof typeof KINDS,
  place: () => Promise<{ temporalAddress: string; namespace: string }>,
): Attack {
  const { another, clockStands, words } = KINDS[name];
  return {
    name,
    attack: `The worker's machine sleeps (SIGSTOP, SIGCONT), ${words}`,
    promise: 'right verdict, every effect once, no session left',
    run: async (o) => {
      const { hosts, scenario } = fleet(MOMENTS.length);
      const house = await openHouse({ ...(await place()), scenario });
      try {
        const worker = await house.worker({ env: clockStands ? STANDING_CLOCK : {} });
        const standing = await standAtEach(house, MOMENTS, hosts);
        worker.signal('SIGSTOP');
        const since = Date.now();
        for (const { goOn } of standing) goOn();
        if (another) await house.worker();
        await sleep(Math.max(0, o.goneMs - (Date.now() - since)));
        worker.signal('SIGCONT');
        return await Promise.all(
          standing.map(({ moment, host, run }) =>
            judgeEnd(house.simulator, host, run, {
              moment: moment.name,
              since,
              verdicts: [moment.verdict],
            }),
          ),
        );
      } finally {
        await house.close();
      }
    },
  };
}
