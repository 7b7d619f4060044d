import { filetime, processGuid, repeatable } from '../ids.js';
import { processSpecSchema, type ProcessSpec } from '../scenario.js';
import type { Process, Sensor } from './model.js';
import type { Cause, World } from './world.js';

/** The sensor could not report it yet. */
const notSent = Number.POSITIVE_INFINITY;

export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

export function running(sensor: Sensor): Process[] {
  return sensor.processes.filter((process) => process.endedAt === null);
}

export function runningByPid(sensor: Sensor, pid: number): Process | undefined {
  return sensor.processes.find((process) => process.endedAt === null && process.pid === pid);
}

export function freePid(sensor: Sensor): number {
  const step = sensor.spec.os === 'windows' ? 4 : 1;
  while (sensor.processes.some((process) => process.pid === sensor.nextPid)) sensor.nextPid += step;
  const pid = sensor.nextPid;
  sensor.nextPid += step;
  return pid;
}

export interface Birth {
  startedAt: number;
  pid?: number;
  parentGuid?: string;
  respawnsLeft?: number;
}

/** Adds a process to a host without asking whether it may run. */
export function addProcess(world: World, sensor: Sensor, spec: ProcessSpec, birth: Birth): Process {
  const pid = birth.pid ?? spec.pid ?? freePid(sensor);
  const path = sensor.spec.os === 'windows' ? spec.path.toLowerCase() : spec.path;
  const ticks = repeatable('ticks', sensor.id, pid, birth.startedAt) % 10_000;
  const parent = spec.parent === undefined ? undefined : runningByPid(sensor, spec.parent);
  const orphan = processGuid(sensor.id, spec.parent ?? 0, 0n);
  const segments = spec.segments ?? world.knobs.segmentsPerProcess;
  const process: Process = {
    guid: processGuid(sensor.id, pid, filetime(birth.startedAt, ticks)),
    sensorId: sensor.id,
    pid,
    parentPid: parent?.pid ?? spec.parent ?? 0,
    parentGuid: birth.parentGuid ?? parent?.guid ?? orphan,
    path,
    commandLine: spec.commandLine ?? path,
    username: spec.username ?? (sensor.spec.os === 'windows' ? `${sensor.hostname}\\user` : 'root'),
    binary: spec.binary ?? baseName(path).replace(/ \(deleted\)$/, ''),
    startedAt: birth.startedAt,
    endedAt: null,
    spec,
    respawnsLeft: birth.respawnsLeft ?? respawns(spec),
    indexedAt: null,
    endIndexedAt: null,
    segments,
  };
  const sent = sensor.online || birth.startedAt <= (sensor.lastSeen ?? birth.startedAt);
  process.indexedAt = searchableAt(world, process, sent ? birth.startedAt : notSent);
  sensor.processes.push(process);
  return process;
}

function searchableAt(world: World, process: Process, sentAt: number): number | null {
  const after = process.spec.indexedAfter;
  return after === null ? null : sentAt + (after === undefined ? world.indexLagMs : after * 1000);
}

/** Back online, the sensor reports what it could not: starts and ends become searchable after the usual lag. */
export function upload(world: World, sensor: Sensor): void {
  for (const process of sensor.processes) {
    if (process.indexedAt === notSent) process.indexedAt = searchableAt(world, process, world.now);
    if (process.endIndexedAt === notSent) process.endIndexedAt = world.now + world.indexLagMs;
  }
}

function respawns(spec: ProcessSpec): number {
  if (!spec.respawn) return 0;
  return spec.respawn.times === 'forever' ? Number.POSITIVE_INFINITY : spec.respawn.times;
}

/** Starts a process now, unless a ban the sensor knows of forbids it; null when blocked. */
export function startProcess(
  world: World,
  sensor: Sensor,
  spec: ProcessSpec,
  birth: Omit<Birth, 'startedAt'> = {},
  cause: Cause = {},
): Process | null {
  const binary = spec.binary ?? baseName(sensor.spec.os === 'windows' ? spec.path.toLowerCase() : spec.path);
  const md5 = world.file(binary).md5;
  if (sensor.knownBans.has(md5) && world.group(sensor.groupId)?.bansEnforced) {
    noteBlock(world, sensor, md5);
    world.record({ effect: 'start-blocked', sensorId: sensor.id, path: spec.path, md5, ...cause });
    return null;
  }
  const process = addProcess(world, sensor, spec, { ...birth, startedAt: world.now });
  world.record({ effect: 'process-started', ...about(world, process), ...cause });
  return process;
}

export function about(
  world: World,
  process: Process,
): { sensorId: number; guid: string; pid: number; path: string; md5: string } {
  const { sensorId, guid, pid, path, binary } = process;
  return { sensorId, guid, pid, path, md5: world.file(binary).md5 };
}

export function noteBlock(world: World, sensor: Sensor, md5: string): void {
  const ban = world.bans.get(md5);
  if (!ban) return;
  ban.blockCount++;
  ban.lastBlockAt = world.now;
  ban.lastBlockHostname = sensor.hostname;
  ban.lastBlockSensorId = sensor.id;
}

/** Ends a process now; its children live on. What follows its death is put on the agenda. */
export function endProcess(
  world: World,
  process: Process,
  effect: 'killed' | 'process-ended' | 'ban-enforced',
  cause: Cause & { sessionId?: number } = {},
): void {
  if (process.endedAt !== null) return;
  process.endedAt = world.now;
  const sensor = world.sensors.get(process.sensorId);
  if (process.indexedAt !== null)
    process.endIndexedAt = sensor?.online ? world.now + world.indexLagMs : notSent;
  world.record({ effect, ...about(world, process), ...cause });
  if (!sensor || sensor.gone) return;
  const boot = sensor.bootId;
  const { respawn, pidReusedBy } = process.spec;
  if (respawn && process.respawnsLeft > 0) {
    world.schedule(world.now + respawn.afterMs, () => {
      if (sensor.bootId !== boot) return;
      const birth = {
        pid: respawn.samePid ? process.pid : freePid(sensor),
        parentGuid: process.parentGuid,
        respawnsLeft: process.respawnsLeft - 1,
      };
      startProcess(world, sensor, process.spec, birth);
    });
  }
  if (pidReusedBy) {
    const spec = processSpecSchema.parse({ path: pidReusedBy.path, parent: process.parentPid });
    world.schedule(world.now + pidReusedBy.afterMs, () => {
      if (sensor.bootId === boot && !runningByPid(sensor, process.pid))
        startProcess(world, sensor, spec, { pid: process.pid });
    });
  }
}
