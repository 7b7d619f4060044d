import type { DriftPolicy } from './drift-policy.js';
import type {
  BanScope,
  Decision,
  FailurePolicy,
  OfflineExpire,
  OfflinePolicy,
  OfflineWish,
} from './request-choices.js';
import type { Approval, Evidence, OverridableRule, Policy } from './policy.js';

export * from './request-choices.js';

/** What to kill. Several given at once must all match. */
export interface ProcessSelector {
  /** Exact base name, e.g. `vnc.exe`; on Windows in any case. */
  name?: string;
  path?: string;
  /** 32 hex digits, upper case. */
  md5?: string;
  /** Process GUID (API reference 4.7), lower case. */
  guid?: string;
}

/**
 * What somebody asks for: argument of `containEndpoint`, body of `join`, parameter of the client library.
 * The smallest: `{hostname: 'win7pro64', processName: 'vnc.exe'}`.
 */
export interface ContainRequest {
  /** Short or fully qualified name of one host. A host name, a sensor id, or both agreeing. */
  hostname?: string;
  sensorId?: number;
  processName?: string;
  processPath?: string;
  processMd5?: string;
  processGuid?: string;
  /** Cut the host off the network; default true. */
  isolate?: boolean;
  /** Enumerate and kill; default true. Without it no selector is needed. */
  kill?: boolean;
  /** Hashes of the killed instances (default), every hash seen under the name on any host, or none. */
  banScope?: BanScope;
  /** MD5s to ban at once, beside the kill. */
  banMd5?: string[];
  /** What to do when a step cannot be carried out; default `auto`. */
  onFailure?: FailurePolicy;
  /** How long the host stays isolated, counted from the end of the run, e.g. `4h`; default: until released. */
  lease?: string;
  /** How long a run with `onFailure: 'ask'` waits for an answer; default `1h`. */
  askTimeout?: string;
  /** What it does when nobody answered; default `auto`. */
  askDefault?: Decision;
  /** For a host that is offline; default `wait`. */
  offline?: OfflinePolicy;
  /** How long an offline host is waited for; default `72h`. */
  offlineFor?: string;
  /** Default `now`: the wish waits on the server for the host's return. */
  offlineWish?: OfflineWish;
  /** Default `keep`: the wish stands under its lease, which keeps watching. */
  offlineExpire?: OfflineExpire;
  /** What the lease does when somebody withdraws the wish while it is held; default `tell`. */
  onDrift?: DriftPolicy;
  /** Show what would be done and do nothing; the run has the id `plan/<host>`. */
  dryRun?: boolean;
  /** What waits for a person; the policy may ask for more. Default `none`. */
  approval?: Approval;
  /** How long an approval is waited for; default: the policy's, `4h`. */
  approvalTimeout?: string;
  /** What is taken from the host before the first kill; default `none`. */
  evidence?: Evidence;
  /** A policy beside the worker's own, as its file says it; the stricter of both wins. */
  policy?: Record<string, unknown>;
  /** Rules that this request overrides; `reason` and `requestedBy` say why and who. */
  overrides?: OverridableRule[];
  reason?: string;
  /** A ticket's id. */
  case?: string;
  /** Who asks. */
  requestedBy?: string;
  /** The caller's own key: the same one again is the same run, never a second one. */
  requestId?: string;
}

/** A request with every default in its place. */
export interface CheckedRequest {
  hostname: string | null;
  sensorId: number | null;
  selector: ProcessSelector | null;
  isolate: boolean;
  kill: boolean;
  banScope: BanScope;
  banMd5: string[];
  onFailure: FailurePolicy;
  leaseMs: number | null;
  askTimeoutMs: number;
  askDefault: Decision;
  offline: OfflinePolicy;
  offlineForMs: number;
  offlineWish: OfflineWish;
  offlineExpire: OfflineExpire;
  onDrift: DriftPolicy;
  dryRun: boolean;
  approval: Approval;
  approvalTimeoutMs: number | null;
  evidence: Evidence;
  /** Complete; `null` where the request brings none. */
  policy: Policy | null;
  overrides: OverridableRule[];
  /** Keys that the request said itself: the policy's defaults stand for the others. */
  said: (keyof ContainRequest)[];
  reason: string | null;
  case: string | null;
  requestedBy: string | null;
  requestId: string | null;
}
