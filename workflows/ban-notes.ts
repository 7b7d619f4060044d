import type { BanReport } from '../contract/index.js';
import type { Containment } from './containment.js';

const MOST_NAMED = 5;

/** A ban reaches every host (hazard H6): said in each receipt of a run whose bans stand, with how many hosts have the file. */
export function banNotes(run: Containment): string[] {
  const made = [...run.bans.values()].filter((b) => b.outcome === 'banned');
  if (made.length === 0 || run.undone !== null) return [];
  const widest = made.sort((a, b) => hostsOf(b) - hostsOf(a)).slice(0, MOST_NAMED);
  const rest = made.length > MOST_NAMED ? `, ${made.length - MOST_NAMED} more` : '';
  return [
    `Bans are global: they hold on every host whose group enforces bans. Seen so far: ${widest.map(seen).join(', ')}${rest}.`,
  ];
}

/** Nobody knows how many: more than any number. */
function hostsOf({ hostsSeen }: BanReport): number {
  return hostsSeen ?? Number.MAX_SAFE_INTEGER;
}

function seen({ md5, hostsSeen: n, percentOfFleet }: BanReport): string {
  const share = percentOfFleet === null ? '' : ` (${percentOfFleet} % of the fleet)`;
  return `${md5} on ${n === null ? 'an unknown number of hosts' : n === 1 ? 'one host' : `${n} hosts`}${share}`;
}
