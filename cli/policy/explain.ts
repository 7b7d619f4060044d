import {
  APPROVALS,
  type Approval,
  baseName,
  type CheckedRequest,
  hostProtectedBy,
  hostRulesOpen,
  type KnownHost,
  type Objection,
  type OverridableRule,
  type Policy,
  protectedByPolicy,
  protectedProcessName,
  withDefaults,
  defaultedPart,
} from '../../contract/index.js';

/** What the guard rails would do with a request, as far as that is known without any server. */
export interface Explanation {
  policy: { name: string; digest: string };
  /** `goes-ahead` and `asks` hold unless something of `unknown` says otherwise. */
  outcome: 'refused' | 'asks' | 'goes-ahead';
  host: string;
  objections: Objection[];
  overrides: { rule: OverridableRule; letsThrough: string | null }[];
  approval: { mode: Approval; because: string[]; maybe: string[]; timeoutMs: number };
  kill: Policy['kill'] & { protectedProcesses: string[] };
  bans: Policy['ban'] & { refused: { md5: string; why: string }[] };
  /** With the policy's defaults in their place; `leaseMs` null: until released. */
  request: Pick<
    CheckedRequest,
    | 'isolate'
    | 'kill'
    | 'banScope'
    | 'onFailure'
    | 'leaseMs'
    | 'offline'
    | 'offlineForMs'
    | 'offlineWish'
    | 'offlineExpire'
    | 'onDrift'
  >;
  limits: Policy['limits'];
  /** What only the Cb server, or the worker, can say. */
  unknown: string[];
}

/** A pure look at policy and request: neither Temporal nor the Cb server is asked, and nothing is started. */
export function explain(
  rails: { policy: Policy; name: string; digest: string },
  asked: CheckedRequest,
): Explanation {
  const { policy } = rails;
  const request = withDefaults(asked, policy.defaults);
  const host: KnownHost = {
    names: request.hostname === null ? [] : [request.hostname],
    groupId: null,
    sensorId: request.sensorId,
    os: null,
    osType: null,
  };
  const named = request.hostname ?? `sensor ${request.sensorId}`;
  const rules = hostProtectedBy(policy.protectedHosts, host);
  const overridesHost = request.overrides.includes('protected-host');
  const objections = processObjections(policy, request);
  const what = `${named} is protected by the policy: ${rules.join('; ')}.`;
  if (rules.length > 0 && !overridesHost)
    objections.unshift({
      type: 'ProtectedHost',
      message: what,
      settledBy: '--override protected-host --reason TEXT',
    });
  const approval = approvalOf(policy, request);
  return {
    policy: { name: rails.name, digest: rails.digest },
    outcome: objections.length > 0 ? 'refused' : approval.mode === 'none' ? 'goes-ahead' : 'asks',
    host: named,
    objections,
    overrides: request.overrides.map((rule) => ({
      rule,
      letsThrough: rule === 'protected-host' && rules.length > 0 ? what : null,
    })),
    approval,
    kill: { ...policy.kill, protectedProcesses: pathsAmong(policy, request) },
    bans: { ...policy.ban, refused: refusedBans(policy, request) },
    request: settled(request),
    limits: policy.limits,
    unknown: unknown(policy, request, host),
  };
}

function processObjections(policy: Policy, { selector, kill, banScope }: CheckedRequest): Objection[] {
  const named = selector?.path ?? selector?.name;
  if (named === undefined || (!kill && banScope !== 'name')) return [];
  const builtIn = protectedProcessName(named, null);
  if (builtIn !== null)
    return [
      {
        type: 'ProtectedProcess',
        message: builtIn,
        settledBy: '--process-path or --process-guid of the impostor',
      },
    ];
  const byPolicy = protectedByPolicy(named, policy.protectedProcesses);
  if (byPolicy === null) return [];
  return [
    {
      type: 'ProtectedProcess',
      message: byPolicy,
      settledBy: 'another process, or a policy without that entry: no request overrides this rule',
    },
  ];
}

/** Protected paths among what a name asks for: left alive, which keeps the run from being contained. */
function pathsAmong(policy: Policy, { selector }: CheckedRequest): string[] {
  if (selector?.name === undefined || selector.path !== undefined) return [];
  const name = selector.name.toLowerCase();
  return policy.protectedProcesses.filter((e) => /[\\/]/.test(e) && baseName(e).toLowerCase() === name);
}

function approvalOf(policy: Policy, request: CheckedRequest): Explanation['approval'] {
  const { always, when, timeoutMs } = policy.approval;
  const byPolicy = APPROVALS.indexOf(always) >= APPROVALS.indexOf(request.approval);
  return {
    mode: byPolicy ? always : request.approval,
    because: [
      ...(always === 'none' ? [] : [`The policy says ${always} for every run.`]),
      ...(request.approval === 'none' ? [] : [`The request says ${request.approval}.`]),
    ],
    maybe: [
      ...(when.serverOs ? ['the host is a server'] : []),
      ...(when.protectedName ? ['a match has a protected name outside the folders of the system'] : []),
      ...(when.signed ? ['a hash to ban is signed'] : []),
      ...(when.unsigned ? ['a hash to ban is not signed'] : []),
      ...(when.seenOnMoreThan === null
        ? []
        : [`a hash to ban was seen on more than ${when.seenOnMoreThan} hosts`]),
    ],
    timeoutMs: Math.min(request.approvalTimeoutMs ?? Infinity, timeoutMs),
  };
}

function refusedBans(policy: Policy, request: CheckedRequest): { md5: string; why: string }[] {
  return request.banMd5
    .filter((md5) => policy.protectedHashes.includes(md5))
    .map((md5) => ({ md5, why: 'The policy protects it (protectedHashes).' }));
}

function settled(r: CheckedRequest): Explanation['request'] {
  const { isolate, kill, banScope } = r;
  return { isolate, kill, banScope, ...defaultedPart(r) };
}

function unknown(policy: Policy, request: CheckedRequest, host: KnownHost): string[] {
  const open = hostRulesOpen(policy.protectedHosts, host);
  return [
    'whether the host exists, supports isolation and Live Response, and is online',
    ...(open.length > 0 ? [`whether a rule protects the host: ${open.join('; ')}`] : []),
    ...(policy.protectedHosts.names.length > 0 ? ['whether another name of the host is protected'] : []),
    ...(request.kill ? ['what runs on the host: a protected process that matches is left alive'] : []),
    ...(request.banScope !== 'none' || request.banMd5.length > 0
      ? ['who signed the hashes, and on how many hosts they were seen']
      : []),
    ...(policy.limits.containmentsPerHour !== null || policy.limits.isolatedAtOnce !== null
      ? ['how many containments there were within the hour, and how many hosts are isolated']
      : []),
    'the policy of the worker, where it is another one: the stricter of both wins, key by key',
  ];
}
