import { checkKillSeeds } from '../../test/contract/kill-worlds/check-seeds.js';
import { replayCommand, type ProofPart } from '../part.js';

const SEEDS = 1_000;

/** The kill on random hosts: look-alikes, heirs of a pid, respawners, protected ones. The first seed is `--seed`. */
export const killWorlds: ProofPart = {
  name: 'kill-worlds',
  about: 'random hosts and selectors: what is killed',
  inCi: true,
  async run({ seed, n, only }) {
    const seeds = only === null ? Array.from({ length: n ?? SEEDS }, (_, i) => seed + i) : [Number(only)];
    const { ran, kills, faults } = await checkKillSeeds(seeds);
    return {
      rows: [
        {
          attack: 'kill: random processes, look-alikes, pids that change owner, respawners, random selectors',
          promise: 'what is meant dies, nothing else, and nothing protected',
          tried: ran,
          held: ran - faults.length,
          measured: `${kills} kills; ${seeds.length - ran} seeds gave no request that is allowed`,
        },
      ],
      violations: faults.map(({ seed: failed, what }) => ({
        what: `seed ${failed}: ${what}`,
        replay: replayCommand('kill-worlds', { seed }, String(failed)),
      })),
      data: { ran, kills },
    };
  },
};
