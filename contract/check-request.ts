import {
  LONGEST_LEASE_MS,
  LONGEST_WAIT_MS,
  type Mistake,
  RequestFields as Fields,
  show,
} from './request-fields.js';
import { DRIFT_POLICIES } from './drift-policy.js';
import { baseName } from './base-name.js';
import { checkPolicy } from './check-policy.js';
import { NOTHING_STRICTER } from './merge-policy.js';
import { APPROVALS, EVIDENCE, OVERRIDABLE, type OverridableRule, type Policy } from './policy.js';
import { refusedHash } from './refused-hash.js';
import { hostForm, isHostForm, PROCESS_GUID, sensorIdOfGuid } from './host-name.js';
import {
  BAN_SCOPES,
  type CheckedRequest,
  type ContainRequest,
  DECISIONS,
  FAILURE_POLICIES,
  OFFLINE_EXPIRES,
  OFFLINE_POLICIES,
  OFFLINE_WISHES,
  type ProcessSelector,
} from './request.js';

export type { Mistake } from './request-fields.js';

export type RequestCheck = { ok: true; request: CheckedRequest } | { ok: false; mistakes: Mistake[] };

const TEXT_LIMITS = { reason: 1_000, case: 200, requestedBy: 200, requestId: 200 } as const;
const NAME_LIMIT = 255;
const PATH_LIMIT = 4_096;
const BAN_LIMIT = 100;
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

function checkHost(fields: Fields): { hostname: string | null; sensorId: number | null } {
  let hostname: string | null = null;
  let sensorId: number | null = null;
  const expectedHost = 'The exact name of one host, e.g. win7pro64 or win7pro64.corp.example; no wildcard.';
  const text = fields.text('hostname', NAME_LIMIT, expectedHost);
  if (text !== null) {
    // Lower-casing turns a few letters of other alphabets into plain ones; a host name has none of them.
    if (/^[ -~]*$/.test(text) && isHostForm(hostForm(text))) hostname = text.replace(/\.$/, '');
    else fields.wrong('hostname', `${show(text)} cannot be the name of one host.`, expectedHost);
  }
  if (fields.has('sensorId')) {
    const value = fields.get('sensorId');
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) sensorId = value;
    else fields.wrong('sensorId', `It is ${show(value)}.`, 'A whole number above 0: the id of one sensor.');
  }
  if (!fields.has('hostname') && !fields.has('sensorId')) {
    fields.wrong('', 'It names no host.', 'hostname, sensorId, or both agreeing.');
  }
  return { hostname, sensorId };
}

function checkSelector(fields: Fields): ProcessSelector | null {
  const selector: ProcessSelector = {};
  const name = fields.text('processName', NAME_LIMIT, 'The base name of a program, e.g. vnc.exe.');
  if (name !== null) {
    if (/[*?]/.test(name))
      fields.wrong('processName', 'It has a wildcard.', 'One exact base name, e.g. vnc.exe.');
    else if (/[\\/]/.test(name))
      fields.wrong('processName', 'It is a path.', 'A base name; a path goes into processPath.');
    else selector.name = name;
  }
  const path = fields.text('processPath', PATH_LIMIT, 'The full path of a program.');
  if (path !== null) {
    // Windows' own prefix for long paths is none.
    if (/[*?]/.test(path.replace(/^\\\\\?\\/, '')))
      fields.wrong('processPath', 'It has a wildcard.', 'One exact path.');
    else if (baseName(path) === '')
      fields.wrong('processPath', 'It ends in a slash.', 'A path that ends in a base name.');
    else if (!/[\\/]/.test(path))
      fields.wrong('processPath', 'It is a base name.', 'A full path; a base name goes into processName.');
    else selector.path = path;
  }
  const md5 = fields.text('processMd5', NAME_LIMIT, '32 hex digits.');
  if (md5 !== null) {
    if (/^[0-9a-f]{32}$/i.test(md5)) selector.md5 = md5.toUpperCase();
    else
      fields.wrong(
        'processMd5',
        `It has ${md5.length} characters or others than hex digits.`,
        '32 hex digits.',
      );
  }
  const guid = fields.text('processGuid', NAME_LIMIT, 'A process GUID, 8-4-4-4-12 hex digits.');
  if (guid !== null) {
    if (PROCESS_GUID.test(guid)) selector.guid = guid.toLowerCase();
    else
      fields.wrong(
        'processGuid',
        `${show(guid)} is no process GUID.`,
        'A process GUID, 8-4-4-4-12 hex digits.',
      );
  }
  return Object.keys(selector).length > 0 ? selector : null;
}

function checkBanMd5(fields: Fields): string[] {
  if (!fields.has('banMd5')) return [];
  const value = fields.get('banMd5');
  if (!Array.isArray(value)) {
    fields.wrong('banMd5', `It is ${show(value)}.`, 'A list of MD5s.');
    return [];
  }
  if (value.length > BAN_LIMIT) {
    fields.wrong('banMd5', `It has ${value.length} entries.`, `At most ${BAN_LIMIT} MD5s.`);
    return [];
  }
  const md5s: string[] = [];
  value.forEach((entry: unknown, i) => {
    const why = typeof entry === 'string' ? refusedHash(entry.trim()) : 'It is not a text.';
    if (why !== null) fields.wrong(`banMd5[${i}]`, why, '32 hex digits of one binary.');
    else md5s.push((entry as string).trim().toUpperCase());
  });
  return [...new Set(md5s)];
}

function checkOverrides(fields: Fields): OverridableRule[] {
  if (!fields.has('overrides')) return [];
  const value = fields.get('overrides');
  const expected = `A list of ${OVERRIDABLE.join(', ')}.`;
  if (!Array.isArray(value)) {
    fields.wrong('overrides', `It is ${show(value)}.`, expected);
    return [];
  }
  value.forEach((entry: unknown, i) => {
    if (!(OVERRIDABLE as readonly unknown[]).includes(entry))
      fields.wrong(`overrides[${i}]`, `${show(entry)} is no rule that can be overridden.`, expected);
  });
  return [...new Set(value as OverridableRule[])];
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

function checkWhole(
  fields: Fields,
  r: Pick<CheckedRequest, 'selector' | 'isolate' | 'kill' | 'banScope' | 'banMd5'> & {
    host: { sensorId: number | null };
  },
): void {
  if (fields.mistakes.length > 0) return;
  if (r.kill && r.selector === null) {
    fields.wrong(
      '',
      'It names no process.',
      'processName, processPath, processMd5 or processGuid; or kill: false to leave processes alone.',
    );
  }
  if (r.banScope === 'name' && !r.selector?.name && !r.selector?.path) {
    fields.wrong(
      'banScope',
      '"name" bans every hash seen under a process name, and none is given.',
      'processName or processPath beside it.',
    );
  }
  if (!r.isolate && !r.kill && r.banMd5.length === 0 && r.banScope !== 'name') {
    fields.wrong(
      '',
      'It asks for nothing: no isolation, no kill, no ban.',
      'At least one of isolate, kill, banMd5.',
    );
  }
  const guidSensor = r.selector?.guid ? sensorIdOfGuid(r.selector.guid) : null;
  if (guidSensor !== null && r.host.sensorId !== null && guidSensor !== r.host.sensorId) {
    fields.wrong(
      'processGuid',
      `It belongs to sensor ${guidSensor}, and sensorId is ${r.host.sensorId}.`,
      'A GUID of a process on that sensor.',
    );
  }
  if (
    r.selector?.name &&
    r.selector.path &&
    baseName(r.selector.path).toLowerCase() !== r.selector.name.toLowerCase()
  ) {
    fields.wrong(
      'processPath',
      'Its base name is not processName: nothing could match both.',
      'A path that ends in processName.',
    );
  }
}
