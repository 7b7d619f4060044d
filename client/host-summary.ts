import type { Drift } from '../contract/index.js';
import type { HeldBy, HostStatus } from './host-types.js';

/** One sentence on a host's isolation: what is so, who holds it, until when, and what comes next. */
export function hostSummary(s: Omit<HostStatus, 'summary'>): string {
  const host = s.hostname ?? `Sensor ${s.sensorId}`;
  const drift = s.drift.map((d) => ` ${d.what}`).join('');
  return `${host} ${stateWords(s)}${heldWords(s)}${drift}`;
}

function stateWords(s: Omit<HostStatus, 'summary'>): string {
  const held = s.holds.length > 0;
  if (isAnothersNow(s.drift)) return 'is not known to be isolated';
  if (s.source === 'sensor' && s.wish === null) {
    return 'is not known to be isolated: the server does not know its sensor any more';
  }
  if (s.state === 'refused' && held && s.wish !== true)
    return `cannot be isolated: ${s.problem?.message ?? 'refused.'}`;
  if (s.wish === true) {
    if (s.fact === true) return held || s.lease === 'running' ? 'is isolated' : foreign(s);
    if (s.fact === null) return 'is to be isolated; whether it is, is not known';
    const yet = s.drift.some((d) => d.kind === 'isolation-lost') ? 'any more' : 'yet';
    return `is NOT isolated ${yet}: the wish stands, ${comes(s, 'it is isolated')}`;
  }
  if (s.wish === null) {
    const releasing = s.state === 'releasing' || s.state === 'release-pending';
    if (!releasing) return 'is being isolated';
    return `is being released${s.problem === null ? '' : ` (${s.problem.type}: ${s.problem.message})`}`;
  }
  if (s.fact === true) return `is still isolated; its release was asked for, ${comes(s, 'it is released')}`;
  if (!held) return 'is not isolated';
  return s.fact === false
    ? 'is NOT isolated although it is held'
    : 'is not known to be isolated: its wish was withdrawn';
}

/** The sensor that was seen isolated is gone or answers for the host no more: what it said says nothing of the host. */
export function isAnothersNow(drift: readonly Drift[]): boolean {
  return drift.some((d) => d.kind === 'sensor-gone' || d.kind === 'sensor-replaced');
}

function foreign(s: Omit<HostStatus, 'summary'>): string {
  return s.lease === 'ended-from-outside' && s.state !== 'foreign'
    ? 'is isolated by us'
    : 'is isolated by somebody else';
}

/** What an offline host does when it comes back, and an online one at its next check-in. */
function comes(s: Omit<HostStatus, 'summary'>, what: string): string {
  if (s.online === false) {
    const seen = s.lastCheckin === null ? 'it never checked in' : `last check-in ${short(s.lastCheckin)}`;
    return `and it is offline (${seen}): ${what} at its first check-in`;
  }
  return `${what} at its next check-in${s.nextCheckin === null ? '' : `, expected ${short(s.nextCheckin)}`}`;
}

function heldWords(s: Omit<HostStatus, 'summary'>): string {
  if (s.lease === 'ended-from-outside' && s.holds.length > 0) {
    return `; its lease was ended from outside, and cb-playbook leases --reconcile takes it up. It was held by ${names(s.holds)}.`;
  }
  if (s.holds.length === 0) {
    if (s.wish === true && s.lease === 'none') return ', and no lease accounts for it.';
    const nothing = s.fact !== true && (s.wish === false || s.state === null || s.state === 'released');
    return nothing ? ', and nobody holds it.' : '.';
  }
  return `; held by ${names(s.holds)}, ${endWords(s)}.`;
}

function endWords({ until, untilIsEarliest }: Omit<HostStatus, 'summary'>): string {
  if (until === null) return 'until released';
  return `${untilIsEarliest ? 'until at least' : 'until'} ${short(until)}`;
}

function names(holds: readonly HeldBy[]): string {
  return holds.map(holderName).join(' and ');
}

/** A holder as people call it: the person, or the run. */
export function holderName(hold: Pick<HeldBy, 'holdId' | 'workflowId' | 'who'>): string {
  if (hold.workflowId !== null) return hold.workflowId;
  return hold.who ?? hold.holdId;
}

function short(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
}
