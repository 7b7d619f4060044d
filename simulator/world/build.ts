import { ordinaryProcesses } from '../ordinary.js';
import { repeatable } from '../ids.js';
import { scenarioSchema, type ParsedScenario, type SensorSpec } from '../scenario.js';
import { setBan } from './bans.js';
import { checkIn, nextEffective } from './checkin.js';
import { comeOnline, goOffline } from './connectivity.js';
import { pathKey } from './files.js';
import type { Sensor } from './model.js';
import { addProcess, baseName, startProcess } from './processes.js';
import { ordinaryFiles } from './programs.js';
import { World, type WorldOptions } from './world.js';

export interface BuildOptions extends Omit<WorldOptions, 'groups' | 'binaries'> {
  scenario: ParsedScenario;
  checkinPhase?: number;
}

/** The world as the scenario has it at the clock's present time. */
export function buildWorld(options: BuildOptions): World {
  const { scenario } = options;
  const world = new World({ ...options, groups: scenario.groups, binaries: scenario.binaries });
  world.checkins = {
    nextEffective: (sensor) => nextEffective(world, sensor),
    run: (sensor) => checkIn(world, sensor),
  };
  for (const ban of scenario.bans) {
    setBan(world, ban.md5 ?? world.file(ban.binary!).md5, ban.text, ban.enabled, ban.username, {});
  }
  const taken = new Set(scenario.sensors.map((sensor) => sensor.id));
  for (const spec of [...scenario.sensors, ...fillers(scenario.fillerSensors)]) {
    while (taken.has(world.nextSensorId) || world.sensors.has(world.nextSensorId)) world.nextSensorId++;
    addSensor(world, spec, spec.id ?? world.nextSensorId, options.checkinPhase);
  }
  world.nextSensorId = Math.max(0, ...world.sensors.keys()) + 1;
  world.ledger.length = 0;
  return world;
}

function fillers(count: number): SensorSpec[] {
  const sensors = Array.from({ length: count }, (_, i) => ({
    hostname: `FILLER-${String(i + 1).padStart(5, '0')}`,
    ordinaryProcesses: false,
  }));
  return scenarioSchema.parse({ name: 'fillers', sensors }).sensors;
}

export function addSensor(world: World, spec: SensorSpec, id: number, phase?: number): Sensor {
  const share = phase ?? spec.checkinPhase ?? (repeatable('phase', id) % 1000) / 1000;
  const start = world.now;
  const onlineAtStart = spec.onlineFrom === undefined && world.knobs.checkins !== 'offline';
  const sensor: Sensor = {
    id,
    spec,
    hostname: spec.hostname,
    dnsName: spec.dnsName ?? spec.hostname,
    groupId: spec.groupId,
    notes: spec.notes,
    wish: spec.isolated,
    wishBy: {},
    isolating: spec.isolated,
    reported: spec.isolated,
    online: onlineAtStart,
    phaseAt: start + share * world.intervalMs,
    onlineSince: onlineAtStart ? start - spec.registeredAgo * 1000 : Number.POSITIVE_INFINITY,
    lastSeen: onlineAtStart ? null : start - spec.lastSeenAgo * 1000,
    checkedUpTo: start - 1,
    registeredAt: start - spec.registeredAgo * 1000,
    bootedAt: start - 7 * 86_400_000,
    bootId: 38,
    uninstalled: spec.uninstalled,
    uninstallRequested: false,
    restartQueued: false,
    knownBans: new Set([...world.bans].filter(([, ban]) => ban.enabled).map(([md5]) => md5)),
    knownBansVersion: world.bansVersion,
    processes: [],
    files: new Map(),
    executable: new Set(),
    nextPid: spec.os === 'windows' ? 5000 : 20_001,
    gone: false,
    deleted: false,
  };
  world.sensors.set(id, sensor);
  planPresence(world, sensor);
  addProcesses(world, sensor);
  if (spec.ordinaryProcesses) {
    for (const path of ordinaryFiles[spec.os]) sensor.files.set(pathKey(sensor, path), baseName(path));
  }
  for (const [path, binary] of Object.entries(spec.files)) sensor.files.set(pathKey(sensor, path), binary);
  return sensor;
}

function planPresence(world: World, sensor: Sensor): void {
  const { onlineFrom, offlineFrom } = sensor.spec;
  const tenIntervals = (10 * world.intervalMs) / 1000;
  const from = onlineFrom === undefined && !sensor.online ? tenIntervals : onlineFrom;
  if (typeof from === 'number') world.schedule(world.now + from * 1000, () => comeOnline(world, sensor));
  if (offlineFrom !== undefined) {
    world.schedule(world.now + offlineFrom * 1000, () => goOffline(world, sensor));
  }
}

function addProcesses(world: World, sensor: Sensor): void {
  const { spec } = sensor;
  const ordinary = spec.ordinaryProcesses ? ordinaryProcesses(spec) : [];
  for (const process of [...ordinary, ...spec.processes]) {
    if (process.startsAfter !== undefined) {
      const at = world.now + process.startsAfter * 1000;
      world.schedule(at, () => void startProcess(world, sensor, process));
      continue;
    }
    const added = addProcess(world, sensor, process, { startedAt: world.now - process.startedAgo * 1000 });
    const onDisk = pathKey(sensor, added.path);
    if (onDisk && !onDisk.endsWith(' (deleted)')) sensor.files.set(onDisk, added.binary);
    if (process.endedAgo !== undefined) {
      added.endedAt = world.now - process.endedAgo * 1000;
      added.endIndexedAt = added.endedAt + world.indexLagMs;
      added.respawnsLeft = 0;
    }
  }
}
