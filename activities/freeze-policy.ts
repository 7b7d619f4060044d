import { type FrozenPolicy, mergePolicy, type Policy } from '../contract/index.js';
import type { NamedPolicy } from './deps.js';
import { digestOf } from './digest.js';

/** The worker's policy, made stricter by the request's, with its digest: what a run goes by until its end. */
export function freezePolicy(worker: NamedPolicy, request: Policy | null): FrozenPolicy {
  const policy = mergePolicy(worker.policy, request);
  return {
    policy,
    digest: policyDigest(policy),
    name: request === null ? worker.name : `${worker.name} + the request's`,
  };
}

/** SHA-256 of the policy as canonical JSON, 64 hex digits. */
export function policyDigest(policy: Policy): string {
  return digestOf(policy);
}
