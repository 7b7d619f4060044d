/** Live Response commands other than kill, as the sensor carries them out (API reference 4.5). */
import { processSpecSchema } from '../scenario.js';
import { epochSeconds } from '../times.js';
import { asText } from '../values.js';
import { listFolder, pathKey, readDisk, runsFrom } from './files.js';
import type { Command, Process, Sensor, Session } from './model.js';
import { endProcess, running, startProcess } from './processes.js';
import { changedMode, programOf } from './programs.js';
import type { Cause, World } from './world.js';

/** HRESULT on Windows, errno-like elsewhere [INF]. */
const codes = {
  notFound: [2147942402, 2],
  pathNotFound: [2147942403, 2],
  denied: [2147942405, 1],
  inUse: [2147942432, 26],
  exists: [2147942480, 17],
  badArgument: [2147942487, 22],
} as const;

type Handler = (world: World, sensor: Sensor, session: Session, command: Command, cause: Cause) => void;

export function runOther(world: World, sensor: Sensor, session: Session, command: Command): void {
  const cause = { by: command.username, requestN: command.requestN };
  const handler = handlers[command.name];
  if (handler) handler(world, sensor, session, command, cause);
  else fail(sensor, command, 'badArgument');
}

function fail(sensor: Sensor, command: Command, why: keyof typeof codes): void {
  command.status = 'error';
  command.resultCode = codes[why][sensor.spec.os === 'windows' ? 0 : 1];
}

function sid(sensor: Sensor, username: string): string {
  if (sensor.spec.os !== 'windows') return username === 'root' ? '0' : '501';
  if (username === 'NT AUTHORITY\\SYSTEM') return 's-1-5-18';
  if (username === 'NT AUTHORITY\\NETWORK SERVICE') return 's-1-5-20';
  return 's-1-5-21-850238481-2932160288-1760307558-1000';
}

function processEntry(world: World, sensor: Sensor, process: Process): Record<string, unknown> {
  return {
    pid: process.pid,
    parent: process.parentPid,
    proc_guid: process.guid,
    parent_guid: process.parentGuid,
    // Old sensors named no file for the system process.
    path: process.pid === 4 && !world.traits.sensorExtras ? '' : process.path,
    command_line: process.commandLine,
    create_time: Math.floor(process.startedAt / 1000),
    sid: sid(sensor, process.username),
    username: process.username,
  };
}

const handlers: Record<string, Handler> = {
  'process list': (world, sensor, session, command, cause) => {
    const entries = running(sensor).sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
    command.payload = { processes: entries.map((process) => processEntry(world, sensor, process)) };
    world.record({ effect: 'process-list', sensorId: sensor.id, sessionId: session.id, ...cause });
  },

  'get file': (world, sensor, session, command, cause) => {
    const file = session.files.get(command.fileId!)!;
    const path = asText(command.object);
    const content = readDisk(world, sensor, path);
    if (!content) {
      fail(sensor, command, 'notFound');
      file.status = command.resultCode;
      return;
    }
    const offset = Number(command.request.offset ?? 0);
    const count = Number(command.request.get_count ?? 0);
    file.content = content.subarray(offset, count > 0 ? offset + count : undefined);
    file.ready = true;
    world.record({ effect: 'file-read', sensorId: sensor.id, sessionId: session.id, path, ...cause });
  },

  'put file': (world, sensor, session, command, cause) => {
    const path = asText(command.object);
    const file = session.files.get(Number(command.request.file_id));
    if (!file) return fail(sensor, command, 'badArgument');
    if (sensor.files.has(pathKey(sensor, path))) return fail(sensor, command, 'exists');
    sensor.files.set(pathKey(sensor, path), file.content);
    world.record({ effect: 'file-written', sensorId: sensor.id, sessionId: session.id, path, ...cause });
  },

  'delete file': (world, sensor, session, command, cause) => {
    const path = asText(command.object);
    if (!sensor.files.has(pathKey(sensor, path))) return fail(sensor, command, 'notFound');
    if (sensor.spec.os === 'windows' && runsFrom(sensor, path)) return fail(sensor, command, 'inUse');
    sensor.files.delete(pathKey(sensor, path));
    sensor.executable.delete(pathKey(sensor, path));
    world.record({ effect: 'file-deleted', sensorId: sensor.id, sessionId: session.id, path, ...cause });
  },

  'directory list': (world, sensor, session, command, cause) => {
    const entries = listFolder(world, sensor, asText(command.object));
    if (!entries) return fail(sensor, command, 'pathNotFound');
    const time = Math.floor(epochSeconds(sensor.bootedAt));
    command.payload = {
      files: entries.map(({ filename, size, isFolder }) => ({
        filename,
        size,
        attributes: isFolder ? ['DIRECTORY'] : ['ARCHIVE'],
        create_time: time,
        last_access_time: time,
        last_write_time: time,
        alt_name: '',
      })),
    };
    world.record({ effect: 'directory-list', sensorId: sensor.id, sessionId: session.id, ...cause });
  },

  memdump: (world, sensor, session, command, cause) => {
    const { compress } = command.request;
    const path = `${asText(command.object)}${compress === true ? '.zip' : ''}`;
    if (sensor.spec.os !== 'windows') return fail(sensor, command, 'badArgument');
    sensor.files.set(pathKey(sensor, path), Buffer.from(`memory of ${sensor.hostname}`));
    command.payload = {
      return_code: 0,
      complete: true,
      dumping: false,
      compressing: false,
      percentdone: 100,
    };
    world.record({ effect: 'file-written', sensorId: sensor.id, sessionId: session.id, path, ...cause });
  },

  'create directory': () => undefined,

  'create process': (world, sensor, session, command, cause) => {
    const commandLine = asText(command.object);
    const program = programOf(world, sensor, commandLine);
    if (program === 'not-found') return fail(sensor, command, 'notFound');
    if (program === 'denied') return fail(sensor, command, 'denied');
    const { path, binary, uploaded } = program;
    const username = sensor.spec.os === 'windows' ? 'NT AUTHORITY\\SYSTEM' : 'root';
    const kill = uploaded ? sensor.spec.uploaded.kill : 'ends';
    const spec = processSpecSchema.parse({ path, commandLine, username, binary: binary ?? undefined, kill });
    const started = startProcess(world, sensor, spec, {}, cause);
    if (!started) return fail(sensor, command, 'denied');
    const { output_file: output, wait } = command.request;
    const dies = uploaded && sensor.spec.uploaded.starts === 'dies';
    if (changedMode(sensor, commandLine, path) || dies) endProcess(world, started, 'process-ended');
    if (typeof output === 'string' && output) {
      sensor.files.set(pathKey(sensor, output), Buffer.from(`output of ${commandLine}\r\n`));
    }
    command.payload = wait ? { pid: started.pid, return_code: 0 } : { pid: started.pid };
  },
};
