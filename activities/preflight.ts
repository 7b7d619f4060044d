import type { Context } from '@temporalio/activity';
import {
  isCbError,
  isLive,
  type LiveSession,
  type SensorGroup,
  type ServerInfo,
} from '../cb-response/index.js';
import {
  baseName,
  type ContainActivities,
  hostProtectedBy,
  knownHost,
  type Objection,
  type PreflightResult,
  protectedByPolicy,
  protectedProcessName,
} from '../contract/index.js';
import type { Deps } from './deps.js';
import { sameServer } from './frozen.js';

/** Sessions of a server (API reference 4.1), and from how many on people should know that they become scarce. */
const SESSIONS_OF_A_SERVER = 10;
const SCARCE_FROM = 6;

type Input = Parameters<ContainActivities['preflight']>[0];

/** Step 2: every objection at once, each with what would settle it; nothing is changed (hazard H26). */
export async function preflight(deps: Deps, context: Context, input: Input): Promise<PreflightResult> {
  sameServer(deps, input.target);
  const o = { signal: context.cancellationSignal };
  const kills = input.requests.some((r) => r.kill);
  const [info, group, sessions] = await Promise.all([
    deps.info(o),
    optional(deps.cb.group(input.target.groupId, o)),
    kills ? sessionsOrOff(deps, o) : Promise.resolve([]),
  ]);
  const host = protectedHost(input);
  const objections = [
    ...host.objections,
    ...hostObjections(input, kills, info.cblrEnabled === false || sessions === 'off'),
    ...selectorObjections(input),
  ];
  const live = sessions === 'off' ? [] : sessions.filter(isLive);
  const occupied = live.filter((s) => s.sensorId === input.target.sensorId);
  return {
    objections,
    notes: [
      ...banNotes(info, group, input),
      ...protectedPathNotes(input),
      ...scarceNotes(live.length),
      ...occupied.map(occupiedNote),
    ],
    banningEnforced: enforced(info, group),
    occupiedSessions: occupied.map((s) => s.id),
    letThrough: host.letThrough,
  };
}

/** A host that the policy keeps automation off, or what an override lets through (hazard H2). */
function protectedHost({
  target,
  policy,
  overrides,
}: Input): Pick<PreflightResult, 'objections' | 'letThrough'> {
  const rules = hostProtectedBy(policy.protectedHosts, knownHost(target));
  if (rules.length === 0) return { objections: [], letThrough: [] };
  const what = `${target.hostname} is protected by the policy: ${rules.join('; ')}.`;
  if (overrides.includes('protected-host'))
    return { objections: [], letThrough: [{ rule: 'protected-host', what }] };
  const settledBy =
    '--override protected-host --reason TEXT (overrides: ["protected-host"], with reason and requestedBy).';
  return { objections: [{ type: 'ProtectedHost', message: what, settledBy }], letThrough: [] };
}

function hostObjections(input: Input, kills: boolean, liveResponseOff: boolean): Objection[] {
  const objections: Objection[] = [];
  const host = input.target.hostname;
  if (input.requests.some((r) => r.isolate) && !input.supportsIsolation) {
    objections.push({
      type: 'IsolationUnsupported',
      message: `The sensor on ${host} cannot isolate its host.`,
      settledBy: '--no-isolate (isolate: false), or a newer sensor.',
    });
  }
  if (kills && !input.supportsLiveResponse) {
    objections.push({
      type: 'LiveResponseUnsupported',
      message: `The sensor on ${host} has no Live Response.`,
      settledBy: '--no-kill (kill: false), or a newer sensor.',
    });
  }
  if (kills && liveResponseOff) {
    objections.push({
      type: 'LiveResponseOff',
      message: 'Live Response is switched off on the server.',
      settledBy: 'CbLREnabled=True in the server’s cb.conf and a restart, or --no-kill (kill: false).',
    });
  }
  return objections;
}

function selectorObjections(input: Input): Objection[] {
  const objections: Objection[] = [];
  for (const { selector, kill, banScope } of input.requests) {
    const named = selector?.path ?? selector?.name;
    if (named === undefined) continue;
    if (!kill && banScope !== 'name') continue;
    const builtIn = protectedProcessName(named, input.target.osType);
    const byPolicy = protectedByPolicy(named, input.policy.protectedProcesses);
    if (builtIn !== null) {
      objections.push({
        type: 'ProtectedProcess',
        message: builtIn,
        settledBy:
          'Name the impostor by its full path (--process-path) or its process GUID (--process-guid).',
      });
    } else if (byPolicy !== null) {
      objections.push({
        type: 'ProtectedProcess',
        message: byPolicy,
        settledBy: 'Another process, or a policy without that entry. No request overrides this rule.',
      });
    }
  }
  return objections;
}

/** A protected path is left alive among what a name matches: said beforehand, for the run can then not be `contained`. */
function protectedPathNotes(input: Input): string[] {
  const names = input.requests.flatMap(({ kill, selector: s }) =>
    kill && s?.path === undefined && s?.name !== undefined ? [s.name.toLowerCase()] : [],
  );
  return input.policy.protectedProcesses
    .filter((entry) => /[\\/]/.test(entry) && names.includes(baseName(entry).toLowerCase()))
    .map((entry) => `The policy protects ${entry}: it is left alive, though its name is asked for.`);
}

function scarceNotes(live: number): string[] {
  if (live < SCARCE_FROM) return [];
  return [
    `Live Response is scarce now: ${live} of the server's ${SESSIONS_OF_A_SERVER} sessions stand. The kill may wait for one.`,
  ];
}

function banNotes(info: ServerInfo, group: SensorGroup | null, input: Input): string[] {
  const bans = input.requests.some((r) => r.banMd5.length > 0 || r.banScope !== 'none');
  if (!bans) return [];
  if (info.banningEnabled === false)
    return ['Banning is off on the server: bans are recorded and enforced nowhere.'];
  if (group?.banningEnabled === false) {
    return [`Banning is off for the group ${group.name}: bans are recorded and not enforced on this host.`];
  }
  return [];
}

function enforced(info: ServerInfo, group: SensorGroup | null): boolean | null {
  if (info.banningEnabled === false || group?.banningEnabled === false) return false;
  return group?.banningEnabled == null ? null : true;
}

function occupiedNote(session: LiveSession): string {
  return `Live Response session ${session.id} of this sensor is held by somebody already: it is used, and not closed.`;
}

async function sessionsOrOff(deps: Deps, o: { signal: AbortSignal }): Promise<LiveSession[] | 'off'> {
  try {
    return await deps.cb.liveResponse.sessions(o);
  } catch (err) {
    if (isCbError(err, 'live-response-off')) return 'off';
    throw err;
  }
}

/** A group that the token may not read is a fact we go without. */
async function optional<T>(read: Promise<T | null>): Promise<T | null> {
  try {
    return await read;
  } catch (err) {
    if (isCbError(err, 'forbidden', 'not-found', 'refused')) return null;
    throw err;
  }
}
