import { setTimeout as sleep } from 'node:timers/promises';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { requestTo } from '../../test/chaos/points.js';
import type { Attack } from './attack.js';
import { judgeEnd } from './ended.js';
import { openHouse, STANDING_CLOCK } from './house.js';

/** The sleeper has this long to do what it thinks is still its own to do, ms. */
const AWAKE_MS = 3_000;

/**
 * A virtual machine is paused between two kills and its clock with it: nothing on it tells that time has passed. It wakes
 * just when another worker, which has taken its place, stands before the second kill.
 */
export function pausedAttack(place: () => Promise<{ temporalAddress: string; namespace: string }>): Attack {
  return {
    name: 'paused-between-kills',
    attack: 'A paused machine whose clock stood still wakes while another worker is about to kill',
    promise: 'right verdict, every effect once, no session left',
    run: async () => {
      const { hosts, scenario } = fleet(1);
      const host = hosts[0] as Host;
      const house = await openHouse({ ...(await place()), scenario });
      try {
        const { simulator } = house;
        // Its one slot is taken: the sleeper cannot be given the next attempt.
        const sleeper = await house.worker({ slots: 1, env: STANDING_CLOCK });
        const first = simulator.hold({ ...requestTo.killTheFirst(host), when: 'after' });
        const run = await house.contain(host);
        await first.arrived;
        sleeper.signal('SIGSTOP');
        const since = Date.now();
        first.release();
        const second = simulator.hold({ ...requestTo.killTheSecond(host), when: 'before' });
        await house.worker();
        await second.arrived;
        sleeper.signal('SIGCONT');
        await sleep(AWAKE_MS);
        second.release();
        const end = await judgeEnd(simulator, host, run, {
          moment: 'between the kills',
          since,
          verdicts: ['contained'],
        });
        const kills = simulator
          .journal()
          .filter(({ body }) => (body as { name?: string } | null)?.name === 'kill').length;
        if (kills !== host.pids.length) end.wrong.push(`${kills} kills were asked for.`);
        return [end];
      } finally {
        await house.close();
      }
    },
  };
}
