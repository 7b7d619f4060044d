/** What the index holds of processes: a row for each segment once it was uploaded (API reference 5.3). */
import { computerName, sensorIp } from '../world/host-names.js';
import { searchTime } from '../times.js';
import type { Process, Sensor } from '../world/model.js';
import { baseName } from '../world/processes.js';
import type { World } from '../world/world.js';
import { isAnswerable, mayMatch, type Row } from './evaluate.js';
import type { Query } from './query.js';

/** Time between two segments of one process. */
const segmentEvery = 300_000;

function signedIp(ip: string): number {
  return ip.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0);
}

export function searchHostname(world: World, sensor: Sensor): string {
  const name = computerName(sensor);
  return world.traits.immutableDocuments ? name.toLowerCase() : name;
}

/** How many segments of a process can be found now; 0: it is not in the index yet. */
export function segmentsFound(world: World, sensor: Sensor, process: Process): number {
  if (process.indexedAt === null || process.indexedAt > world.now) return 0;
  for (let i = 1; i < process.segments; i++) {
    const at = process.startedAt + i * segmentEvery;
    if (!sensor.online && at > (sensor.lastSeen ?? 0)) return i;
    if (at + world.indexLagMs > world.now || (process.endedAt !== null && at > process.endedAt)) return i;
  }
  return process.segments;
}

/** All rows of one process that can be found now, oldest segment first. */
export function processRows(world: World, sensor: Sensor, process: Process): Row[] {
  const rows = Array.from({ length: segmentsFound(world, sensor, process) }, (_, i) =>
    processRow(world, sensor, process, i),
  );
  const last = rows.at(-1);
  const endKnown = process.endIndexedAt !== null && process.endIndexedAt <= world.now;
  if (last && world.traits.immutableDocuments) last.terminated = endKnown;
  return rows;
}

function nameOf(process: Process): string {
  return baseName(process.path).toLowerCase();
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
    process_name: nameOf(process),
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

/** Every row that may answer the query: of a thousand hosts most rows are not worth making for a search of one. */
export function allRows(world: World, query: Query): Row[] {
  const rows: Row[] = [];
  const may = (known: [string, string][]): boolean => !narrows || mayMatch(query, new Map(known));
  const narrows = isAnswerable(query);
  for (const sensor of world.sensors.values()) {
    const id: [string, string] = ['sensor_id', String(sensor.id)];
    if (!may([id])) continue;
    for (const process of sensor.processes) {
      const { md5 } = world.file(process.binary);
      if (may([id, ['md5', md5], ['process_md5', md5], ['process_name', nameOf(process)]]))
        rows.push(...processRows(world, sensor, process));
    }
    if (sensor.processes.length > 0) rows.push(placeholder(world, sensor));
  }
  return rows;
}

/** How many documents, processes and hosts have this hash, and how many processes there are (API reference 5). */
export function countOf(
  world: World,
  md5: string,
): { hosts: number; documents: number; processes: number; allProcesses: number } {
  const count = { hosts: 0, documents: 0, processes: 0, allProcesses: 0 };
  for (const sensor of world.sensors.values()) {
    const before = count.processes;
    for (const process of sensor.processes) {
      const segments = segmentsFound(world, sensor, process);
      if (segments === 0) continue;
      count.allProcesses += 1;
      if (world.file(process.binary).md5 !== md5) continue;
      count.documents += segments;
      count.processes += 1;
    }
    // The placeholder is a process to the server too.
    if (sensor.processes.length > 0) count.allProcesses += 1;
    if (count.processes > before) count.hosts += 1;
  }
  return count;
}
