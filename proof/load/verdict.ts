import { median, round } from '../../bench/measure/statistics.js';
import { type Row, type Violation } from '../part.js';
import { OUR_SLOTS, SERVER_SLOTS } from './fleet.js';
import type { Limits } from './limits.js';
import type { OurRun } from './ours.js';
import type { VendorRun } from './vendor.js';

/** Rows of what the playbook did with the fleet, and what did not hold. */
export function judgeOurs(
  ours: OurRun,
  o: { hosts: number; limits: Limits; server?: Limits; inTime: boolean; replay: string },
): { rows: Row[]; violations: Violation[] } {
  const { hosts, limits, replay } = o;
  const { sessions: s } = ours;
  const attack = `${hosts} containments at once, ${SERVER_SLOTS} Live Response slots, check-in 5 s`;
  const leaked = s.leftOpen + s.timedOut;
  const crowded = s.mostAtOnce > OUR_SLOTS;
  const rows: Row[] = [
    {
      attack,
      promise: 'contained, each effect once',
      tried: hosts,
      held: hosts - ours.wrong.length,
      measured:
        `isolated after ${secondsOf(ours.isolatedS[0] ?? NaN)} the first, ${secondsOf(median(ours.isolatedS))} half of them, ` +
        `${secondsOf(ours.isolatedS.at(-1) ?? NaN)} the last; last kill after ${secondsOf(ours.lastKillS)}, last receipt after ` +
        `${secondsOf(ours.totalS)}; ${ours.unanswered} calls were told that no worker polls`,
    },
    {
      attack,
      promise: `at most ${OUR_SLOTS} sessions open, each closed by the run that opened it`,
      tried: s.opened,
      held: crowded ? 0 : s.opened - leaked,
      measured: `most at once ${s.mostAtOnce}; mean ${s.pendingS} s until the check-in, then ${s.activeS} s`,
    },
  ];
  const violations = ours.wrong.map(({ hostname, why }) => ({ what: `${hostname}: ${why}`, replay }));
  if (crowded) violations.push({ what: `${s.mostAtOnce} sessions were open at once.`, replay });
  if (leaked > 0) violations.push({ what: `${leaked} of ${s.opened} sessions were not closed.`, replay });
  if (o.inTime) {
    const held = ours.lastKillS <= limits.wholeWaitsS;
    rows.push({
      attack,
      promise: `no longer than ${limits.waves} waves of ${OUR_SLOTS} that each wait a whole check-in (${limits.wholeWaitsS} s)`,
      tried: 1,
      held: held ? 1 : 0,
      measured:
        `${percentOf(ours.lastKillS / limits.wholeWaitsS)} of it; ${secondsOf(limits.meanWaitsS)} is what waiting half a check-in would take` +
        (o.server === undefined
          ? ''
          : `; with all ${SERVER_SLOTS} slots, two of which are left to analysts, the waves would take ${o.server.wholeWaitsS} s: ` +
            `${percentOf(ours.lastKillS / o.server.wholeWaitsS)} of that, the last receipt ${percentOf(ours.totalS / o.server.wholeWaitsS)}`),
    });
    if (!held) violations.push({ what: `The last kill came after ${secondsOf(ours.lastKillS)}.`, replay });
  }
  return { rows, violations };
}

/** Side by side with the vendor's scheduler: hosts a minute, in total and by slot. */
export function judgeVendor(
  ours: OurRun,
  vendor: VendorRun,
  o: { replay: string },
): { rows: Row[]; violations: Violation[] } {
  const mine = perMinute(ours.doneS);
  const theirs = perMinute(vendor.doneS);
  const held = mine >= theirs;
  const finished = vendor.totalS === null ? `stopped after ${vendor.doneS.length} hosts` : 'all done';
  const row: Row = {
    attack: `the same hosts by the vendor's own scheduler, ${SERVER_SLOTS} workers (${finished})`,
    promise: 'the playbook kills no fewer hosts a minute, with two slots fewer',
    tried: 1,
    held: held ? 1 : 0,
    measured:
      `${round(mine)} hosts a minute against ${round(theirs)}; by slot ${round(mine / OUR_SLOTS)} against ` +
      `${round(theirs / SERVER_SLOTS)}; sessions it left open: ${vendor.sessions.leftOpen}`,
  };
  const what = `The vendor's scheduler was quicker: ${round(theirs)} hosts a minute against ${round(mine)}.`;
  return { rows: [row], violations: held ? [] : [{ what, replay: o.replay }] };
}

/** Half of a comparison is none. */
export function notCompared(replay: string): { rows: Row[]; violations: Violation[] } {
  const attack = "the same hosts by the vendor's own scheduler";
  const what = "The vendor's client could not be had here, so nothing was compared.";
  return {
    rows: [{ attack, promise: 'compared side by side', tried: 1, held: 0, measured: 'not compared' }],
    violations: [{ what, replay }],
  };
}

function perMinute(doneS: readonly number[]): number {
  return doneS.length === 0 ? 0 : (60 * doneS.length) / doneS.at(-1)!;
}

function secondsOf(s: number): string {
  return `${Math.round(s)} s`;
}

function percentOf(share: number): string {
  return `${Math.round(100 * share)} %`;
}
