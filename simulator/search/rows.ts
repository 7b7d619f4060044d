/** What the index holds of processes: a row for each segment once it was uploaded (API reference 5.3). */
import { computerName, sensorIp } from '../world/host-names.js';
import { searchTime } from '../times.js';
import type { Process, Sensor } from '../world/model.js';
import { baseName } from '../world/processes.js';
import type { World } from '../world/world.js';
import type { Row } from './evaluate.js';

/** Time between two segments of one process. */
const segmentEvery = 300_000;

function signedIp(ip: string): number {
  return ip.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0);
}

export function searchHostname(world: World, sensor: Sensor): string {
  const name = computerName(sensor);
  return world.traits.immutableDocuments ? name.toLowerCase() : name;
}

/** All rows of one process that can be found now, oldest segment first. */
export function processRows(world: World, sensor: Sensor, process: Process): Row[] {
  if (process.indexedAt === null || process.indexedAt > world.now) return [];
  const rows: Row[] = [];
  for (let i = 0; i < process.segments; i++) {
    const at = process.startedAt + i * segmentEvery;
    if (i > 0 && !sensor.online && at > (sensor.lastSeen ?? 0)) break;
    const visibleAt = i === 0 ? process.indexedAt : at + world.indexLagMs;
    if (visibleAt > world.now || (process.endedAt !== null && i > 0 && at > process.endedAt)) break;
    rows.push(processRow(world, sensor, process, i));
  }
  const last = rows.at(-1);
  const endKnown = process.endIndexedAt !== null && process.endIndexedAt <= world.now;
  if (last && world.traits.immutableDocuments) last.terminated = endKnown;
  return rows;
}

function processRow(world: World, sensor: Sensor, process: Process, index: number): Row {
  const { traits } = world;
  const file = world.file(process.binary);
  const at = process.startedAt + index * segmentEvery;
  const segment = traits.immutableDocuments ? Math.floor(at) : index + 1;
  const suffix = segment.toString(16).padStart(traits.immutableDocuments ? 12 : 8, '0');
  const parent = sensor.processes.find((other) => other.guid === process.parentGuid);
  const endKnown = process.endIndexedAt !== null && process.endIndexedAt <= world.now;
  const lastUpdate = endKnown ? process.endedAt! : at + 15_000;
  const started = searchTime(process.startedAt);
  const updated = searchTime(lastUpdate);
  const serverUpdate = searchTime(Math.min(world.now, lastUpdate + world.indexLagMs));
  const ip = signedIp(sensorIp(sensor));
  return {
    id: process.guid,
    segment_id: segment,
    unique_id: `${process.guid}-${suffix}`,
    process_name: baseName(process.path).toLowerCase(),
    path: process.path,
    cmdline: process.commandLine,
    process_md5: file.md5,
    ...(traits.sha256 ? { process_sha256: file.sha256 } : {}),
    process_pid: process.pid,
    parent_pid: parent ? process.parentPid : -1,
    parent_id: process.parentGuid,
    parent_unique_id: `${process.parentGuid}-${'1'.padStart(traits.immutableDocuments ? 12 : 8, '0')}`,
    parent_name: parent ? baseName(parent.path).toLowerCase() : '(unknown)',
    parent_md5: '0'.repeat(32),
    hostname: searchHostname(world, sensor),
    sensor_id: sensor.id,
    username: process.username,
    uid: process.username,
    group: (world.group(sensor.groupId)?.name ?? '').toLowerCase(),
    host_type: 'workstation',
    os_type: sensor.spec.os === 'macos' ? 'osx' : sensor.spec.os,
    start: started,
    last_update: updated,
    last_server_update: serverUpdate,
    min_last_update: started,
    max_last_update: updated,
    min_last_server_update: serverUpdate,
    max_last_server_update: serverUpdate,
    ...(traits.immutableDocuments ? { terminated: false } : {}),
    comms_ip: ip,
    interface_ip: ip,
    filemod_count: 3,
    regmod_count: 2,
    netconn_count: 1,
    modload_count: 20,
    childproc_count: sensor.processes.filter((other) => other.parentGuid === process.guid).length,
    crossproc_count: 0,
    processblock_count: 0,
    emet_count: 0,
    filtering_known_dlls: true,
  };
}

/** A process the server has only heard of: no pid, no data (API reference 5.3). */
function placeholder(world: World, sensor: Sensor): Row {
  const id = `${sensor.id.toString(16).padStart(8, '0')}-ffff-ffff-0000-000000000000`;
  return {
    id,
    segment_id: 1,
    unique_id: `${id}-${'1'.padStart(world.traits.immutableDocuments ? 12 : 8, '0')}`,
    process_name: '(unknown)',
    path: '(unknown)',
    process_pid: -1,
    parent_pid: -1,
    hostname: searchHostname(world, sensor),
    sensor_id: sensor.id,
    start: searchTime(sensor.registeredAt),
    last_update: searchTime(sensor.registeredAt),
  };
}

export function allRows(world: World): Row[] {
  const rows: Row[] = [];
  for (const sensor of world.sensors.values()) {
    for (const process of sensor.processes) rows.push(...processRows(world, sensor, process));
    if (sensor.processes.length > 0) rows.push(placeholder(world, sensor));
  }
  return rows;
}
