import { APPROVALS, DEFAULT_POLICY, type Policy } from './policy.js';
import { LONGEST_WAIT_MS } from './request-fields.js';

/** The policy that makes no other one stricter: what a request's policy does not say. */
export const NOTHING_STRICTER: Policy = {
  ...DEFAULT_POLICY,
  ban: { mostHosts: null, mostPercent: null, trustedPublishers: [], enableDisabled: true },
  approval: { ...DEFAULT_POLICY.approval, timeoutMs: LONGEST_WAIT_MS },
  kill: { respawn: 'kill', rounds: Number.MAX_SAFE_INTEGER },
};

/**
 * The worker's policy with a request's: key by key the stricter of both, so that nothing in a request weakens a rule of the
 * worker. Lists are joined, limits and times are the smaller, of two conditions for approval both hold, `report` goes before
 * `kill`. `defaults` are no rules (a request may say the key itself): the worker's stands, the request's fills what it leaves open.
 */
export function mergePolicy(worker: Policy, request: Policy | null): Policy {
  if (request === null) return worker;
  const a = worker;
  const b = request;
  return {
    protectedHosts: {
      names: union(a.protectedHosts.names, b.protectedHosts.names),
      groupIds: union(a.protectedHosts.groupIds, b.protectedHosts.groupIds),
      sensorIds: union(a.protectedHosts.sensorIds, b.protectedHosts.sensorIds),
      osTypes: union(a.protectedHosts.osTypes, b.protectedHosts.osTypes),
      servers: a.protectedHosts.servers || b.protectedHosts.servers,
    },
    protectedProcesses: union(a.protectedProcesses, b.protectedProcesses),
    protectedHashes: union(a.protectedHashes, b.protectedHashes),
    ban: {
      mostHosts: smaller(a.ban.mostHosts, b.ban.mostHosts),
      mostPercent: smaller(a.ban.mostPercent, b.ban.mostPercent),
      trustedPublishers: union(a.ban.trustedPublishers, b.ban.trustedPublishers),
      enableDisabled: a.ban.enableDisabled && b.ban.enableDisabled,
    },
    approval: {
      always: APPROVALS[
        Math.max(APPROVALS.indexOf(a.approval.always), APPROVALS.indexOf(b.approval.always))
      ] as Policy['approval']['always'],
      when: {
        serverOs: a.approval.when.serverOs || b.approval.when.serverOs,
        protectedName: a.approval.when.protectedName || b.approval.when.protectedName,
        signed: a.approval.when.signed || b.approval.when.signed,
        unsigned: a.approval.when.unsigned || b.approval.when.unsigned,
        seenOnMoreThan: smaller(a.approval.when.seenOnMoreThan, b.approval.when.seenOnMoreThan),
      },
      timeoutMs: Math.min(a.approval.timeoutMs, b.approval.timeoutMs),
    },
    kill: {
      respawn: a.kill.respawn === 'report' ? 'report' : b.kill.respawn,
      rounds: Math.min(a.kill.rounds, b.kill.rounds),
    },
    defaults: {
      onFailure: a.defaults.onFailure ?? b.defaults.onFailure,
      leaseMs: a.defaults.leaseMs ?? b.defaults.leaseMs,
      offline: a.defaults.offline ?? b.defaults.offline,
      offlineForMs: a.defaults.offlineForMs ?? b.defaults.offlineForMs,
      offlineWish: a.defaults.offlineWish ?? b.defaults.offlineWish,
      offlineExpire: a.defaults.offlineExpire ?? b.defaults.offlineExpire,
      onDrift: a.defaults.onDrift ?? b.defaults.onDrift,
    },
    limits: {
      containmentsPerHour: smaller(a.limits.containmentsPerHour, b.limits.containmentsPerHour),
      isolatedAtOnce: smaller(a.limits.isolatedAtOnce, b.limits.isolatedAtOnce),
    },
  };
}

function union<T>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Set([...a, ...b])];
}

/** `null` is no limit. */
function smaller(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
