import type { Policy } from './policy.js';
import type { CheckedRequest } from './request.js';

/** The request with the policy's default for each key that it does not say itself. */
export function withDefaults(request: CheckedRequest, d: Policy['defaults']): CheckedRequest {
  const open = (key: CheckedRequest['said'][number]): boolean => !request.said.includes(key);
  return {
    ...request,
    ...(d.onFailure !== null && open('onFailure') ? { onFailure: d.onFailure } : {}),
    ...(d.leaseMs !== null && open('lease') ? { leaseMs: d.leaseMs } : {}),
    ...(d.offline !== null && open('offline') ? { offline: d.offline } : {}),
    ...(d.offlineForMs !== null && open('offlineFor') ? { offlineForMs: d.offlineForMs } : {}),
    ...(d.offlineWish !== null && open('offlineWish') ? { offlineWish: d.offlineWish } : {}),
    ...(d.offlineExpire !== null && open('offlineExpire') ? { offlineExpire: d.offlineExpire } : {}),
    ...(d.onDrift !== null && open('onDrift') ? { onDrift: d.onDrift } : {}),
  };
}

/** The part of a request that a policy has defaults for. */
export function defaultedPart(request: CheckedRequest): Pick<CheckedRequest, keyof Policy['defaults']> {
  const { onFailure, leaseMs, offline, offlineForMs, offlineWish, offlineExpire, onDrift } = request;
  return { onFailure, leaseMs, offline, offlineForMs, offlineWish, offlineExpire, onDrift };
}
