import type { Context } from '@temporalio/activity';
import {
  isCbError,
  isLive,
  type LiveSession,
  type SensorGroup,
  type ServerInfo,
} from '../cb-response/index.js';
import {
  type ContainActivities,
  type Objection,
  type PreflightResult,
  protectedProcessName,
} from '../contract/index.js';
import type { Deps } from './deps.js';
import { sameServer } from './frozen.js';

type Input = Parameters<ContainActivities['preflight']>[0];

/** Step 2: every objection at once, each with what would settle it; nothing is changed (hazard H26). */
export async function preflight(deps: Deps, context: Context, input: Input): Promise<PreflightResult> {
  sameServer(deps, input.target);
  const o = { signal: context.cancellationSignal };
  const kills = input.requests.some((r) => r.kill);
  const [info, group, sessions] = await Promise.all([
    deps.cb.info(o),
    optional(deps.cb.group(input.target.groupId, o)),
    kills ? sessionsOrOff(deps, o) : Promise.resolve([]),
  ]);
  const objections = [
    ...hostObjections(input, kills, info.cblrEnabled === false || sessions === 'off'),
    ...selectorObjections(input),
  ];
  const occupied =
    sessions === 'off' ? [] : sessions.filter((s) => isLive(s) && s.sensorId === input.target.sensorId);
  return {
    objections,
    notes: [...banNotes(info, group, input), ...occupied.map(occupiedNote)],
    banningEnforced: enforced(info, group),
    occupiedSessions: occupied.map((s) => s.id),
  };
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
    const why = protectedProcessName(named, input.target.osType);
    if (why === null || (!kill && banScope !== 'name')) continue;
    objections.push({
      type: 'ProtectedProcess',
      message: why,
      settledBy: 'Name the impostor by its full path (--process-path) or its process GUID (--process-guid).',
    });
  }
  return objections;
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
