import { baseName } from './base-name.js';
import { DRIFT_POLICIES } from './drift-policy.js';
import { type Entry, PolicyFields } from './policy-fields.js';
import { APPROVALS, DEFAULT_POLICY, type Policy, RESPAWN_POLICIES } from './policy.js';
import { FAILURE_POLICIES, OFFLINE_EXPIRES, OFFLINE_POLICIES, OFFLINE_WISHES } from './request.js';
import {
  hasControlCharacter,
  LONGEST_LEASE_MS,
  LONGEST_WAIT_MS,
  type Mistake,
  show,
} from './request-fields.js';

export type PolicyCheck = { ok: true; policy: Policy } | { ok: false; mistakes: Mistake[] };

const OS_TYPES: readonly Policy['protectedHosts']['osTypes'][number][] = [
  'windows',
  'macos',
  'linux',
  'unknown',
];
const MOST_HOSTS = 10_000_000;
const MOST_AT_ONCE = 1_000_000;
const MOST_ROUNDS = 20;
const PATH_LIMIT = 4_096;
const PUBLISHER_LIMIT = 200;

/** Every key that a policy may have, section by section, in the order of the documentation. */
export const POLICY_KEYS = {
  '': [
    'protectedHosts',
    'protectedProcesses',
    'protectedHashes',
    'ban',
    'approval',
    'kill',
    'defaults',
    'limits',
  ],
  protectedHosts: ['names', 'groupIds', 'sensorIds', 'osTypes', 'servers'],
  ban: ['mostHosts', 'mostPercent', 'trustedPublishers', 'enableDisabled'],
  approval: ['always', 'when', 'timeout'],
  'approval.when': ['serverOs', 'protectedName', 'signed', 'unsigned', 'seenOnMoreThan'],
  kill: ['respawn', 'rounds'],
  defaults: ['onFailure', 'lease', 'offline', 'offlineFor', 'offlineWish', 'offlineExpire', 'onDrift'],
  limits: ['containmentsPerHour', 'isolatedAtOnce'],
} as const;

/**
 * The one check of a policy, as its file says it (durations as text): every mistake at once, nothing thrown. Imports no
 * package: a request may bring a policy into a cached workflow. What it does not say is taken from `base`.
 */
export function checkPolicy(input: unknown, base: Policy = DEFAULT_POLICY): PolicyCheck {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const problem =
      input === null || input === undefined ? 'The policy is empty.' : `The policy is ${show(input)}.`;
    return { ok: false, mistakes: [{ field: '', problem, expected: EXAMPLE }] };
  }
  if (Object.keys(input).length === 0)
    return { ok: false, mistakes: [{ field: '', problem: 'The policy says nothing.', expected: EXAMPLE }] };
  const fields = new PolicyFields(input as Record<string, unknown>, POLICY_KEYS['']);
  const policy: Policy = {
    protectedHosts: hostsOf(fields, base.protectedHosts),
    protectedProcesses:
      fields.list('protectedProcesses', PROCESS_EXPECTED, processEntry) ?? base.protectedProcesses,
    protectedHashes: fields.list('protectedHashes', HASH_EXPECTED, hashEntry) ?? base.protectedHashes,
    ban: banOf(fields, base.ban),
    approval: approvalOf(fields, base.approval),
    kill: killOf(fields, base.kill),
    defaults: defaultsOf(fields, base.defaults),
    limits: limitsOf(fields, base.limits),
  };
  return fields.mistakes.length > 0 ? { ok: false, mistakes: fields.mistakes } : { ok: true, policy };
}

const EXAMPLE = 'At least one key, e.g. protectedHosts: {names: [dc*]}.';
const GLOB_EXPECTED =
  'A host name with * or ? in it, e.g. dc* or *.corp.example; in quotes where it begins with * or is digits only.';
const PROCESS_EXPECTED =
  'A base name or a full path, e.g. sqlservr.exe; no wildcard; in quotes where it is digits only.';
const HASH_EXPECTED = '32 hex digits; in quotes, for one of digits only is a number otherwise.';
const ID_EXPECTED = 'A whole number above 0.';

function hostsOf(parent: PolicyFields, base: Policy['protectedHosts']): Policy['protectedHosts'] {
  const fields = parent.section('protectedHosts', POLICY_KEYS.protectedHosts);
  return {
    names: fields.list('names', GLOB_EXPECTED, globEntry) ?? base.names,
    groupIds: fields.list('groupIds', ID_EXPECTED, idEntry) ?? base.groupIds,
    sensorIds: fields.list('sensorIds', ID_EXPECTED, idEntry) ?? base.sensorIds,
    osTypes: fields.list('osTypes', `One of ${OS_TYPES.join(', ')}.`, osTypeEntry) ?? base.osTypes,
    servers: fields.boolean('servers') ?? base.servers,
  };
}

function banOf(parent: PolicyFields, base: Policy['ban']): Policy['ban'] {
  const fields = parent.section('ban', POLICY_KEYS.ban);
  const publishers = `The exact name of a publisher, at most ${PUBLISHER_LIMIT} characters.`;
  return {
    mostHosts: given(fields.limit('mostHosts', 0, MOST_HOSTS), base.mostHosts),
    mostPercent: given(fields.limit('mostPercent', 0, 100, 'any'), base.mostPercent),
    trustedPublishers:
      fields.list('trustedPublishers', publishers, (e) => textEntry(e, PUBLISHER_LIMIT)) ??
      base.trustedPublishers,
    enableDisabled: fields.boolean('enableDisabled') ?? base.enableDisabled,
  };
}

function approvalOf(parent: PolicyFields, base: Policy['approval']): Policy['approval'] {
  const fields = parent.section('approval', POLICY_KEYS.approval);
  const always = fields.oneOf('always', APPROVALS) ?? base.always;
  const when = fields.section('when', POLICY_KEYS['approval.when']);
  return {
    always,
    when: {
      serverOs: when.boolean('serverOs') ?? base.when.serverOs,
      protectedName: when.boolean('protectedName') ?? base.when.protectedName,
      signed: when.boolean('signed') ?? base.when.signed,
      unsigned: when.boolean('unsigned') ?? base.when.unsigned,
      seenOnMoreThan: when.number('seenOnMoreThan', 0, MOST_HOSTS) ?? base.when.seenOnMoreThan,
    },
    timeoutMs: fields.duration('timeout', LONGEST_WAIT_MS) ?? base.timeoutMs,
  };
}

function killOf(parent: PolicyFields, base: Policy['kill']): Policy['kill'] {
  const fields = parent.section('kill', POLICY_KEYS.kill);
  return {
    respawn: fields.oneOf('respawn', RESPAWN_POLICIES) ?? base.respawn,
    rounds: fields.number('rounds', 1, MOST_ROUNDS) ?? base.rounds,
  };
}

function defaultsOf(parent: PolicyFields, base: Policy['defaults']): Policy['defaults'] {
  const fields = parent.section('defaults', POLICY_KEYS.defaults);
  return {
    onFailure: fields.oneOf('onFailure', FAILURE_POLICIES) ?? base.onFailure,
    leaseMs: fields.duration('lease', LONGEST_LEASE_MS) ?? base.leaseMs,
    offline: fields.oneOf('offline', OFFLINE_POLICIES) ?? base.offline,
    offlineForMs: fields.duration('offlineFor', LONGEST_WAIT_MS) ?? base.offlineForMs,
    offlineWish: fields.oneOf('offlineWish', OFFLINE_WISHES) ?? base.offlineWish,
    offlineExpire: fields.oneOf('offlineExpire', OFFLINE_EXPIRES) ?? base.offlineExpire,
    onDrift: fields.oneOf('onDrift', DRIFT_POLICIES) ?? base.onDrift,
  };
}

function limitsOf(parent: PolicyFields, base: Policy['limits']): Policy['limits'] {
  const fields = parent.section('limits', POLICY_KEYS.limits);
  return {
    containmentsPerHour: given(
      fields.limit('containmentsPerHour', 1, MOST_AT_ONCE),
      base.containmentsPerHour,
    ),
    isolatedAtOnce: given(fields.limit('isolatedAtOnce', 1, MOST_AT_ONCE), base.isolatedAtOnce),
  };
}

/** `null` is a word of the file here ("unlimited"), so that `??` does not serve. */
function given(value: number | null | undefined, base: number | null): number | null {
  return value === undefined ? base : value;
}

function globEntry(entry: unknown): Entry<string> {
  const text = textEntry(entry, 253);
  if ('problem' in text) return text;
  const glob = text.value.toLowerCase();
  if (!/^[a-z0-9._*?-]+$/.test(glob))
    return { problem: `${show(text.value)} has other characters than a host name, * and ?.` };
  // A policy that lets nothing through would be found out in the middle of an attack.
  if (!/[a-z0-9]/.test(glob))
    return { problem: `${show(text.value)} protects every host: to stop everything, pause the playbook.` };
  return { value: glob };
}

function processEntry(entry: unknown): Entry<string> {
  const text = textEntry(entry, PATH_LIMIT);
  if ('problem' in text) return text;
  if (/[*?]/.test(text.value.replace(/^\\\\\?\\/, ''))) return { problem: 'It has a wildcard.' };
  return baseName(text.value) === '' ? { problem: 'It ends in a slash.' } : text;
}

function hashEntry(entry: unknown): Entry<string> {
  const text = textEntry(entry, PATH_LIMIT);
  if ('problem' in text) return text;
  if (!/^[0-9a-f]{32}$/i.test(text.value)) return { problem: `${show(text.value)} is no MD5.` };
  return { value: text.value.toUpperCase() };
}

function idEntry(entry: unknown): Entry<number> {
  if (typeof entry === 'number' && Number.isSafeInteger(entry) && entry > 0) return { value: entry };
  return { problem: `It is ${show(entry)}.` };
}

function osTypeEntry(entry: unknown): Entry<(typeof OS_TYPES)[number]> {
  const found = OS_TYPES.find((type) => type === entry);
  return found === undefined ? { problem: `It is ${show(entry)}.` } : { value: found };
}

function textEntry(entry: unknown, limit: number): Entry<string> {
  if (typeof entry !== 'string') return { problem: `It is ${show(entry)}, which is no text.` };
  const text = entry.trim();
  if (text === '') return { problem: 'It is empty.' };
  if (text.length > limit) return { problem: `It has ${text.length} characters.` };
  return hasControlCharacter(text) ? { problem: 'It has a control character.' } : { value: text };
}
