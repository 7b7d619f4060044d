import type { HostStatus } from '../../client/host-types.js';
import type { Reconciliation } from '../../contract/index.js';
import { holderName } from '../../client/host-summary.js';
import { columns, dateTime } from './table.js';

/** One row a lease: host, wish, fact, who holds it, until when. */
export function leasesText(leases: readonly HostStatus[]): string {
  if (leases.length === 0) return 'Nobody holds any host isolated.';
  const head = ['HOST', 'WISH', 'FACT', 'SEEN', 'HELD BY', 'UNTIL', 'NOTE'];
  return columns([head, ...leases.map(row)]).join('\n');
}

function row(lease: HostStatus): string[] {
  const name = lease.hostname ?? `sensor ${lease.sensorId}`;
  return [
    name,
    yesNo(lease.wish, 'isolated', 'released', isRest(lease.state) ? 'not known' : lease.state),
    yesNo(lease.fact, 'isolated', 'not isolated', 'not known'),
    dateTime(lease.asOf),
    lease.holds.length === 0 ? 'nobody' : lease.holds.map(holderName).join(', '),
    lease.holds.length === 0 ? '' : lease.until === null ? 'released by hand' : dateTime(lease.until),
    note(lease),
  ];
}

/** A wish that rests and is not known: the sensor is gone. */
function isRest(state: HostStatus['state']): state is 'placed' | 'foreign' | null {
  return state === null || state === 'placed' || state === 'foreign';
}

function note({ drift, holds, problem }: HostStatus): string {
  const kept = holds.map((h) => h.keptBecause).filter((why) => why !== null);
  return [...drift.map((d) => d.kind), ...kept, ...(problem === null ? [] : [problem.type])].join('; ');
}

function yesNo(value: boolean | null, yes: string, no: string, unknown: string): string {
  return value === null ? unknown : value ? yes : no;
}

/** The server's isolated sensors against the leases; what needs a person first. */
export function reconciliationText({ server, rows, sensors }: Reconciliation): string {
  const head = `${server}: ${sensors} sensors, ${rows.length} of them isolated or under a lease.`;
  if (rows.length === 0) return head;
  const table = columns([
    ['HOST', 'STATE', 'WISH', 'FACT', 'WHAT', 'HOLDS'],
    ...[...rows]
      .sort((a, b) => Number(a.state === 'held') - Number(b.state === 'held') || a.sensorId - b.sensorId)
      .map((r) => [
        `${r.hostname} (${r.sensorId})`,
        r.state,
        yesNo(r.wish, 'isolated', 'released', '–'),
        yesNo(r.fact, 'isolated', 'not isolated', '–'),
        r.what,
        r.holds.join(', '),
      ]),
  ]);
  return [head, ...table].join('\n');
}
