import { COMMAND_MS } from '../../bench/stage/simulator.js';

export interface Limits {
  slots: number;
  waves: number;
  /** Every wave waits a whole check-in, s: the bound. */
  wholeWaitsS: number;
  /** Each host waits half a check-in on average and then takes a list and two kills, one by one, s. */
  meanWaitsS: number;
}

/** How long a fleet takes where every slot is always taken and nobody chooses whose turn it is. */
export function limitsOf(hosts: number, slots: number, checkinS: number): Limits {
  const waves = Math.ceil(hosts / slots);
  const commandsS = (3 * COMMAND_MS) / 1_000;
  return {
    slots,
    waves,
    wholeWaitsS: waves * checkinS,
    meanWaitsS: (hosts / slots) * (checkinS / 2 + commandsS),
  };
}
