import type { ContainRequest } from '../../contract/index.js';
import type { FaultKind, Knobs, Profile, RequestMatch, Scenario } from '../../simulator/index.js';

/** `skipped`: Temporal's time-skipping server and a worker in this process. `crash`: a dev server and worker processes that are killed. */
export type Stage = 'skipped' | 'crash';
export type ProcessSpec = NonNullable<Scenario['sensors'][number]['processes']>[number];

/** One host of a schedule, and what is the truth about it. */
export interface HostPlan {
  hostname: string;
  sensorId: number;
  os: 'windows' | 'macos' | 'linux';
  processes: ProcessSpec[];
  /** Isolated by somebody else before anything begins. */
  isolatedBefore: boolean;
  /** Offline from the start. */
  offline: boolean;
}

/** MD5s in lower case that somebody banned before, or banned and disabled again. */
export interface BanPlan {
  md5: string;
  enabled: boolean;
}

export interface RunPlan {
  host: number;
  request: ContainRequest;
  /** `null`: the playbook's own, `contain/<host>`. */
  workflowId: string | null;
}

/** A moment: so long after the beginning, or at the nth request that the server gets, before or after it acts. */
export type When = { ms: number } | { request: number; phase: 'before' | 'after' };

/** What somebody does. `host` and `run` are places in the lists of the schedule. */
export type Action =
  | { do: 'cancel'; run: number; policy: 'keep' | 'release' | null }
  | { do: 'terminate-run'; run: number }
  | { do: 'terminate-lease'; host: number }
  | { do: 'kill-worker'; downMs: number }
  | { do: 'join'; run: number; request: ContainRequest }
  | { do: 'isolate'; host: number; lease: string | null }
  | { do: 'release'; host: number; allHolds: boolean }
  | { do: 'extend'; host: number; duration: string }
  | { do: 'decide'; run: number; decision: 'auto' | 'release' | 'keep' }
  | { do: 'approve'; run: number }
  | { do: 'deny'; run: number }
  | { do: 'undo'; run: number }
  | { do: 'reconcile' }
  | { do: 'offline'; host: number; forMs: number }
  | { do: 'reboot'; host: number }
  | { do: 'start-process'; host: number; path: string; binary: string }
  | { do: 'analyst-session'; host: number; command: boolean }
  | { do: 'close-session'; host: number }
  | { do: 'take-slots'; count: number; forMs: number }
  | { do: 'console-wish'; host: number; wish: boolean }
  | { do: 'console-ban'; md5: string; enabled: boolean }
  | { do: 'revoke-token'; forMs: number }
  | { do: 'outage'; forMs: number; kind: FaultKind; route: string | null };

export interface PlannedEvent {
  when: When;
  action: Action;
}

/** One request, or a few in a row, that go wrong. */
export interface PlannedFault {
  name: FaultName;
  match: RequestMatch;
  /** So many in a row, from the first that matches. */
  times: number;
  kind: FaultKind;
}

export const FAULT_NAMES = [
  'cut before',
  'act then cut',
  '429 with Retry-After',
  '500',
  '502 HTML',
  '503',
  'slow',
  'malformed',
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

export interface Schedule {
  seed: number;
  stage: Stage;
  profile: Profile;
  knobs: Partial<Knobs>;
  checkinSeconds: number;
  checkinPhase: number;
  fillers: number;
  hosts: HostPlan[];
  bans: BanPlan[];
  runs: RunPlan[];
  faults: PlannedFault[];
  events: PlannedEvent[];
  /** From then on the server answers, hosts are there, slots are free, the token works. Milliseconds after the beginning. */
  liftMs: number;
}

export function scenarioOf(schedules: readonly Schedule[]): Scenario {
  return {
    name: 'made by a seed',
    fillerSensors: Math.max(...schedules.map(({ fillers }) => fillers)),
    bans: schedules.flatMap(({ bans }) =>
      bans.map(({ md5, enabled }) => ({ md5, enabled, username: ANALYST, text: 'banned long ago' })),
    ),
    sensors: schedules.flatMap(({ hosts }) =>
      hosts.map(({ hostname, sensorId, os, processes, isolatedBefore, offline }) => ({
        ...{ id: sensorId, hostname, os, processes, isolated: isolatedBefore },
        ...(offline ? { onlineFrom: null, lastSeenAgo: 3_600 } : {}),
      })),
    ),
  };
}

/** Who works at the console beside the playbook. */
export const ANALYST = 'analyst';
/** The console user that the playbook's token belongs to. */
export const PLAYBOOK = 'playbook';
