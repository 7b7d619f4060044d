import {
  LONGEST_LEASE_MS,
  LONGEST_WAIT_MS,
  type Mistake,
  RequestFields as Fields,
} from './request-fields.js';
import { DRIFT_POLICIES } from './drift-policy.js';
import { checkHost } from './check-host.js';
import { checkBanMd5, checkOverrides } from './check-lists.js';
import { checkPolicy } from './check-policy.js';
import { checkSelector } from './check-selector.js';
import { checkWhole } from './check-whole.js';
import { NOTHING_STRICTER } from './merge-policy.js';
import { APPROVALS, EVIDENCE, type Policy } from './policy.js';
import {
  BAN_SCOPES,
  type CheckedRequest,
  type ContainRequest,
  DECISIONS,
  FAILURE_POLICIES,
  OFFLINE_EXPIRES,
  OFFLINE_POLICIES,
  OFFLINE_WISHES,
} from './request.js';

export type { Mistake } from './request-fields.js';

export type RequestCheck = { ok: true; request: CheckedRequest } | { ok: false; mistakes: Mistake[] };

const TEXT_LIMITS = { reason: 1_000, case: 200, requestedBy: 200, requestId: 200 } as const;
const DEFAULT_ASK_MS = 3_600_000;
const DEFAULT_OFFLINE_MS = 72 * 3_600_000;

/** Every key a request may have, in the order of the documentation. */
export const REQUEST_KEYS: readonly (keyof ContainRequest)[] = [
  'hostname',
  'sensorId',
  'processName',
  'processPath',
  'processMd5',
  'processGuid',
  'isolate',
  'kill',
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
  'evidence',
  'policy',
  'overrides',
  'reason',
  'case',
  'requestedBy',
  'requestId',
];

/**
 * The one check of a request, for client and workflow alike: every mistake at once, nothing thrown.
 * Imports no package: it runs inside cached workflows. `null` counts as "not given" for every optional key.
 */
export function checkRequest(input: unknown): RequestCheck {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const got = input === null ? 'null' : Array.isArray(input) ? 'an array' : typeof input;
    return {
      ok: false,
      mistakes: [
        {
          field: '',
          problem: `The request is ${got}.`,
          expected: 'One object, e.g. {"hostname":"win7pro64","processName":"vnc.exe"}.',
        },
      ],
    };
  }
  const fields = new Fields(input as Record<string, unknown>);
  fields.refuseUnknown(REQUEST_KEYS);
  const host = checkHost(fields);
  const selector = checkSelector(fields);
  const isolate = fields.boolean('isolate') ?? true;
  const kill = fields.boolean('kill') ?? true;
  const banScope = fields.oneOf('banScope', BAN_SCOPES) ?? 'instance';
  const banMd5 = checkBanMd5(fields);
  const onFailure = fields.oneOf('onFailure', FAILURE_POLICIES) ?? 'auto';
  const leaseMs = fields.duration('lease', LONGEST_LEASE_MS);
  const waits = {
    askTimeoutMs: fields.duration('askTimeout', LONGEST_WAIT_MS) ?? DEFAULT_ASK_MS,
    askDefault: fields.oneOf('askDefault', DECISIONS) ?? 'auto',
    offline: fields.oneOf('offline', OFFLINE_POLICIES) ?? 'wait',
    offlineForMs: fields.duration('offlineFor', LONGEST_WAIT_MS) ?? DEFAULT_OFFLINE_MS,
    offlineWish: fields.oneOf('offlineWish', OFFLINE_WISHES) ?? 'now',
    offlineExpire: fields.oneOf('offlineExpire', OFFLINE_EXPIRES) ?? 'keep',
    onDrift: fields.oneOf('onDrift', DRIFT_POLICIES) ?? 'tell',
  } as const;
  const guards = {
    dryRun: fields.boolean('dryRun') ?? false,
    approval: fields.oneOf('approval', APPROVALS) ?? 'none',
    approvalTimeoutMs: fields.duration('approvalTimeout', LONGEST_WAIT_MS),
    evidence: fields.oneOf('evidence', EVIDENCE) ?? 'none',
    policy: checkPolicyOf(fields),
    overrides: checkOverrides(fields),
    said: REQUEST_KEYS.filter((key) => fields.has(key)),
  } as const;
  const texts = checkTexts(fields);
  if (guards.overrides.length > 0 && saysNothing(fields, texts, 'reason'))
    fields.wrong('reason', 'An override needs one.', 'Why the rule does not hold here, for the receipt.');
  if (guards.overrides.length > 0 && saysNothing(fields, texts, 'requestedBy'))
    fields.wrong('requestedBy', 'An override needs one.', 'Who overrides the rule, for the receipt.');
  checkWhole(fields, { host, selector, isolate, kill, banScope, banMd5 });
  if (fields.mistakes.length > 0) return { ok: false, mistakes: fields.mistakes };
  return {
    ok: true,
    request: {
      ...host,
      selector,
      isolate,
      kill,
      banScope,
      banMd5,
      onFailure,
      leaseMs,
      ...waits,
      ...guards,
      ...texts,
    },
  };
}

const MOST_TOLD = 20;

/** Mistakes in one line each, for people, who read no more than the first twenty. */
export function describeMistakes(mistakes: readonly Mistake[]): string {
  const told = mistakes
    .slice(0, MOST_TOLD)
    .map((m) => `${m.field === '' ? '' : `${m.field}: `}${m.problem} Expected: ${m.expected}`);
  if (mistakes.length > MOST_TOLD) told.push(`and ${mistakes.length - MOST_TOLD} more`);
  return told.join(' | ');
}

/** Keys that it does not say leave the worker's own rules as they are. */
function checkPolicyOf(fields: Fields): Policy | null {
  if (!fields.has('policy')) return null;
  const checked = checkPolicy(fields.get('policy'), NOTHING_STRICTER);
  if (checked.ok) return checked.policy;
  for (const m of checked.mistakes)
    fields.wrong(m.field === '' ? 'policy' : `policy.${m.field}`, m.problem, m.expected);
  return null;
}

/** Left out, or nothing in it that a person can see; what is wrong in another way is told already. */
function saysNothing(
  fields: Fields,
  texts: Pick<CheckedRequest, 'reason' | 'requestedBy'>,
  key: 'reason' | 'requestedBy',
): boolean {
  const text = texts[key];
  if (text === null) return !fields.has(key);
  return !/[^\p{Z}\p{C}\s]/u.test(text);
}

function checkTexts(fields: Fields): Pick<CheckedRequest, 'reason' | 'case' | 'requestedBy' | 'requestId'> {
  const text = (key: keyof typeof TEXT_LIMITS): string | null =>
    fields.text(key, TEXT_LIMITS[key], 'A short text of one line.', 'one-line');
  return {
    reason: text('reason'),
    case: text('case'),
    requestedBy: text('requestedBy'),
    requestId: text('requestId'),
  };
}
