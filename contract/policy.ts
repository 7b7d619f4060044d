import type { FailurePolicy, OfflineExpire, OfflinePolicy, OfflineWish } from './request-choices.js';
import type { DriftPolicy } from './drift-policy.js';
import type { Target } from './target.js';

/** What waits for a person: nothing, kill and ban (the host is isolated meanwhile), or everything. The stricter comes later. */
export const APPROVALS = ['none', 'before-kill', 'before-all'] as const;
export type Approval = (typeof APPROVALS)[number];

export const RESPAWN_POLICIES = ['kill', 'report'] as const;
export type RespawnPolicy = (typeof RESPAWN_POLICIES)[number];

/** Evidence that is taken before the first kill: none, a copy of each binary, or a memory dump of each instance's host. */
export const EVIDENCE = ['none', 'file', 'memory'] as const;
export type Evidence = (typeof EVIDENCE)[number];
/** How long the kill waits for evidence, in milliseconds, all of it together. */
export const EVIDENCE_LIMIT_MS = 2 * 60_000;

/** Rules that a named person may override with a reason; every other rule stands whatever anybody says. */
export const OVERRIDABLE = ['protected-host', 'prevalent-ban', 'disabled-ban', 'limits'] as const;
export type OverridableRule = (typeof OVERRIDABLE)[number];

/**
 * Guard rails of a company, checked and complete. Frozen into each run with its digest. A policy that comes with a request can
 * only make the worker's own stricter.
 */
export interface Policy {
  /** Hosts that automation leaves alone (hazard H2). */
  protectedHosts: {
    /** Globs (`*`, `?`) on the short or the full name, in any case. */
    names: string[];
    groupIds: number[];
    sensorIds: number[];
    osTypes: Target['osType'][];
    /** Any system whose name says that it is a server, a domain controller among them. */
    servers: boolean;
  };
  /** Base names or full paths that are never killed, beside the built-in list, which nothing takes away (hazard H8). */
  protectedProcesses: string[];
  /** MD5s that are never banned, upper case. */
  protectedHashes: string[];
  ban: {
    /** A hash seen on more hosts is refused, unless overridden; `null`: no such limit (hazard H5). */
    mostHosts: number | null;
    /** The same as a share of the fleet, in percent; `null`: no such limit. */
    mostPercent: number | null;
    /** Publishers, by their exact name, whose signed files are never banned, beside the vendors of system and sensor. */
    trustedPublishers: string[];
    /** Whether a ban that somebody disabled may be enabled again. */
    enableDisabled: boolean;
  };
  approval: {
    /** What every run waits for. */
    always: Approval;
    /** Conditions under which kill and ban wait for a person. */
    when: {
      serverOs: boolean;
      /** A match has a protected name outside the system's folders. */
      protectedName: boolean;
      /** A hash to ban is signed. */
      signed: boolean;
      /** A hash to ban is not signed. */
      unsigned: boolean;
      /** A hash to ban was seen on more hosts than this; `null`: never. */
      seenOnMoreThan: number | null;
    };
    /** How long an answer is waited for, ms; then it counts as "no". */
    timeoutMs: number;
  };
  kill: { respawn: RespawnPolicy; rounds: number };
  /** What a request that does not say so itself gets; `null`: the playbook's own default. */
  defaults: {
    onFailure: FailurePolicy | null;
    leaseMs: number | null;
    offline: OfflinePolicy | null;
    offlineForMs: number | null;
    offlineWish: OfflineWish | null;
    offlineExpire: OfflineExpire | null;
    onDrift: DriftPolicy | null;
  };
  limits: {
    /** New containments an hour on this namespace; `null`: no limit (hazards H3, H4). */
    containmentsPerHour: number | null;
    /** Hosts isolated by containments at once; `null`: no limit. */
    isolatedAtOnce: number | null;
  };
}

/** Without any policy file: one command contains, and what would hurt a company is refused all the same. */
export const DEFAULT_POLICY: Policy = {
  protectedHosts: { names: [], groupIds: [], sensorIds: [], osTypes: [], servers: false },
  protectedProcesses: [],
  protectedHashes: [],
  ban: { mostHosts: 25, mostPercent: null, trustedPublishers: [], enableDisabled: true },
  approval: {
    always: 'none',
    when: { serverOs: false, protectedName: false, signed: false, unsigned: false, seenOnMoreThan: null },
    timeoutMs: 4 * 3_600_000,
  },
  kill: { respawn: 'kill', rounds: 5 },
  defaults: {
    onFailure: null,
    leaseMs: null,
    offline: null,
    offlineForMs: null,
    offlineWish: null,
    offlineExpire: null,
    onDrift: null,
  },
  limits: { containmentsPerHour: null, isolatedAtOnce: null },
};

/** The policy of a run: the worker's, made stricter by the request's, and by what name and digest people know it. */
export interface FrozenPolicy {
  policy: Policy;
  /** SHA-256 of the policy as canonical JSON, 64 hex digits. */
  digest: string;
  /** File of the worker's policy, or `built-in`. */
  name: string;
}

/** A rule that somebody overrode. */
export interface OverrideReport {
  rule: OverridableRule;
  who: string | null;
  why: string | null;
  /** What it let through, in words; `null` while it let nothing through. */
  letThrough: string | null;
}
