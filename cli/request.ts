import { userInfo } from 'node:os';
import { checkRequest, type ContainRequest } from '../contract/index.js';
import { InvalidRequestError } from '../client/errors.js';

export interface RequestFlags {
  hostname?: string;
  sensorId?: string;
  processName?: string;
  processPath?: string;
  processMd5?: string;
  processGuid?: string;
  isolate: boolean;
  kill: boolean;
  banScope?: ContainRequest['banScope'];
  banMd5?: string[];
  onFailure?: ContainRequest['onFailure'];
  lease?: string;
  askTimeout?: string;
  askDefault?: ContainRequest['askDefault'];
  offline?: ContainRequest['offline'];
  offlineFor?: string;
  offlineWish?: ContainRequest['offlineWish'];
  offlineExpire?: ContainRequest['offlineExpire'];
  onDrift?: ContainRequest['onDrift'];
  /** Path of a policy file. */
  policy?: string;
  override?: string[];
  banPrevalent?: true;
  evidence?: ContainRequest['evidence'];
  dryRun?: true;
  requireApproval?: true;
  approval?: ContainRequest['approval'];
  approvalTimeout?: string;
  reason?: string;
  case?: string;
}

/**
 * The request that the flags ask for, checked; only what was given is in it. `policy` is what its file says.
 * @throws {@link InvalidRequestError} with every mistake.
 */
export function requestOf(flags: RequestFlags, policy?: Record<string, unknown>): ContainRequest {
  const { sensorId, isolate, kill, override = [], banPrevalent, ...rest } = flags;
  const request: Record<string, unknown> = { requestedBy: osUser() };
  for (const key of [
    'hostname',
    'processName',
    'processPath',
    'processMd5',
    'processGuid',
    'banScope',
    'banMd5',
    'onFailure',
    'lease',
    'askTimeout',
    'askDefault',
    'offline',
    'offlineFor',
    'offlineWish',
    'offlineExpire',
    'onDrift',
    'evidence',
    'dryRun',
    'approval',
    'approvalTimeout',
    'reason',
    'case',
  ] as const) {
    if (rest[key] !== undefined) request[key] = rest[key];
  }
  // What is no number stays a text, for the check to quote it.
  if (sensorId !== undefined) request['sensorId'] = /^-?\d+$/.test(sensorId) ? Number(sensorId) : sensorId;
  if (rest.requireApproval && rest.approval === undefined) request['approval'] = 'before-kill';
  if (!isolate) request['isolate'] = false;
  if (!kill) request['kill'] = false;
  const overrides = banPrevalent === true ? [...override, 'prevalent-ban'] : override;
  if (overrides.length > 0) request['overrides'] = overrides;
  if (policy !== undefined) request['policy'] = policy;
  const checked = checkRequest(request);
  if (!checked.ok) throw new InvalidRequestError(checked.mistakes);
  return request;
}

/** Who asks, for the receipt; `undefined` where the system does not know. */
export function osUser(): string | undefined {
  try {
    return userInfo().username || undefined;
  } catch {
    // No entry for this uid, as in some containers.
    return process.env['USER'] ?? process.env['USERNAME'];
  }
}
