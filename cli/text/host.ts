import { holderName } from '../../client/host-summary.js';
import type { HeldBy, HostStatus } from '../../client/host-types.js';
import { clockTime, columns, dateTime, section } from './table.js';

/** What is known of a host's isolation, under its one sentence. */
export function hostLines(host: HostStatus): string[] {
  return [
    ...section('wish', [wishWords(host)]),
    ...section('fact', [factWords(host)]),
    ...section('held by', holdLines(host.holds)),
    ...section('expires', host.holds.length === 0 ? [] : [expiry(host)]),
    ...section('check-in', checkinLines(host)),
    ...section(
      'drift',
      host.drift.map((d) => `${d.kind} since ${dateTime(d.since)}: ${d.what}`),
    ),
    ...section('problem', host.problem === null ? [] : [`${host.problem.type}: ${host.problem.message}`]),
    ...section('lease', [leaseWords(host)]),
  ];
}

/** One line a hold: who, since when, until when, why. */
export function holdLines(holds: readonly HeldBy[]): string[] {
  return columns(
    holds.map((h) => [
      holderName(h),
      h.running === true ? 'running' : (h.verdict ?? (h.workflowId === null ? 'a person' : 'ended?')),
      `since ${dateTime(h.since)}`,
      h.keptBecause === null ? endWords(h) : 'kept',
      h.keptBecause ?? h.reason ?? '',
    ]),
  );
}

function endWords({ until, running, workflowId, verdict, endAskedBy }: HeldBy): string {
  if (until === null) return 'until released';
  const at = dateTime(until);
  if (workflowId === null || verdict === 'contained') return `until ${at}`;
  // A person's word on the end counts however the run ends; only a run that still runs holds on past it.
  if (endAskedBy !== null)
    return running === true ? `not before ${at}: as ${endAskedBy} asked` : `until ${at}`;
  if (verdict !== null) return `past ${at}: not contained`;
  return running === false ? `until ${at}` : `not before ${at}: counted from its end`;
}

function wishWords({ wish, state }: HostStatus): string {
  if (wish === null) return isBeingChanged(state) ? `being changed (${state})` : 'not known';
  if (!wish) return 'not isolated';
  return state === 'foreign' ? 'isolated (asked for by somebody else before us)' : 'isolated';
}

/** Whether the lease is about to change the wish; of a wish that rests and is not known, the sensor is gone. */
function isBeingChanged(state: HostStatus['state']): boolean {
  return state !== null && state !== 'placed' && state !== 'foreign' && state !== 'released';
}

function factWords({ fact, source, asOf }: HostStatus): string {
  const seen = asOf === null ? '' : ` (seen ${dateTime(asOf)})`;
  if (fact === null) return `not known${source === 'memo' ? ': no worker polls' : ''}`;
  return `${fact ? 'isolated' : 'not isolated'}${seen}`;
}

function expiry({ until, untilIsEarliest, holds }: HostStatus): string {
  if (until !== null) return untilIsEarliest ? `not before ${dateTime(until)}` : dateTime(until);
  return holds.some((h) => h.keptBecause !== null)
    ? 'no longer by itself: see why above; release it by hand'
    : 'never by itself: until released';
}

function checkinLines({ online, lastCheckin, nextCheckin }: HostStatus): string[] {
  if (online === null && nextCheckin === null) return [];
  const last = lastCheckin === null ? '' : `, last ${dateTime(lastCheckin)}`;
  if (online === false) return [`OFFLINE${last}; it takes the wish at its first check-in`];
  return [`next expected ${clockTime(nextCheckin)}${last}`];
}

function leaseWords({ lease, leaseId, reminders }: HostStatus): string {
  const reminded = reminders === 0 ? '' : `, people were reminded ${reminders} times`;
  if (lease === 'none') return `none (${leaseId})`;
  if (lease === 'running') return `${leaseId}${reminded}`;
  return `${leaseId} was ended from outside; take it up: cb-playbook leases --reconcile`;
}

/** A host that has no run of its own, for people. */
export function hostText(host: HostStatus): string {
  return [host.summary, '', ...hostLines(host)].join('\n');
}
