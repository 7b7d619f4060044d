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
  dryRun?: true;
  requireApproval?: true;
  approval?: ContainRequest['approval'];
  approvalTimeout?: string;
  reason?: string;
  case?: string;
}

/**
 * The request that the flags ask for, checked; only what was given is in it.
 * @throws {@link InvalidRequestError} with every mistake.
 */
export function requestOf(flags: RequestFlags): ContainRequest {
  const { sensorId, isolate, kill, ...rest } = flags;
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
