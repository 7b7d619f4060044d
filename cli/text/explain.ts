import { formatDuration } from '../../contract/duration.js';
import type { Explanation } from '../policy/explain.js';
import { section } from './table.js';

const OUTCOME: Record<Explanation['outcome'], string> = {
  refused: 'REFUSED: nothing would be changed',
  asks: 'ASKS: a person has to approve',
  'goes-ahead': 'GOES AHEAD, as far as is known here',
};

/** What the guard rails would do, for people: the outcome first, at the end what nobody knows yet. */
export function explanationText(e: Explanation): string {
  return [
    `${OUTCOME[e.outcome]}  ${e.host}`,
    `by the policy ${e.policy.name} (digest ${e.policy.digest.slice(0, 12)}…); nothing was started`,
    '',
    ...section(
      'objections',
      e.objections.map((o) => `${o.type}: ${o.message} To settle it: ${o.settledBy}`),
    ),
    ...section(
      'overrides',
      e.overrides.map((o) => `${o.rule}${o.letsThrough === null ? '' : ` lets through: ${o.letsThrough}`}`),
    ),
    ...section('approval', approvalLines(e)),
    ...section('kill', killLines(e)),
    ...section('bans', banLines(e)),
    ...section('on failure', failureLines(e)),
    ...section('limits', limitLines(e)),
    ...section('not known', e.unknown),
  ].join('\n');
}

function approvalLines({ approval: a }: Explanation): string[] {
  const timeout = `without an answer within ${formatDuration(a.timeoutMs)} nothing is killed and nothing banned`;
  const first =
    a.mode === 'none' ? 'none' : [a.mode, ...a.because].join(': ').replace(/: (?=The request)/, ' ');
  return [
    first,
    ...(a.maybe.length > 0 ? [`before the kill, if ${a.maybe.join(', or if ')}`] : []),
    ...(a.mode !== 'none' || a.maybe.length > 0 ? [timeout] : []),
  ];
}

function killLines({ kill, request }: Explanation): string[] {
  if (!request.kill) return ['processes are left alone'];
  return [
    kill.respawn === 'report'
      ? 'what comes back after its kill is reported and left alive'
      : `what comes back after its kill is killed again, ${kill.rounds} rounds at most`,
    ...kill.protectedProcesses.map(
      (path) => `${path} is protected and left alive, though its name is asked for`,
    ),
  ];
}

function banLines({ bans, request }: Explanation): string[] {
  const limits = [
    bans.mostHosts === null ? null : `${bans.mostHosts} hosts`,
    bans.mostPercent === null ? null : `${bans.mostPercent} % of the fleet`,
  ].filter((part) => part !== null);
  return [
    request.banScope === 'none'
      ? 'only hashes that are given'
      : `hashes of scope ${request.banScope}, and those given`,
    "refused: whatever is signed by the system's or the sensor's vendor",
    ...(limits.length > 0
      ? [`refused: a hash seen on more than ${limits.join(' or ')} (--ban-prevalent)`]
      : []),
    ...(bans.trustedPublishers.length > 0 ? [`refused: signed by ${bans.trustedPublishers.join(', ')}`] : []),
    ...(bans.enableDisabled ? [] : ['refused: a ban that somebody disabled (--override disabled-ban)']),
    ...bans.refused.map(({ md5, why }) => `refused: ${md5}: ${why}`),
  ];
}

function failureLines({ request: r }: Explanation): string[] {
  return [
    r.onFailure,
    r.isolate
      ? `isolated ${r.leaseMs === null ? 'until released' : `for ${formatDuration(r.leaseMs)} after the end`}; on drift ${r.onDrift}`
      : 'not isolated',
    `offline: ${r.offline}, for ${formatDuration(r.offlineForMs)}, the wish ${r.offlineWish}, then ${r.offlineExpire}`,
  ];
}

function limitLines({ limits: l }: Explanation): string[] {
  return [
    ...(l.containmentsPerHour === null ? [] : [`${l.containmentsPerHour} new containments an hour`]),
    ...(l.isolatedAtOnce === null ? [] : [`${l.isolatedAtOnce} hosts isolated at once`]),
  ];
}
