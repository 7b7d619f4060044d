import type { Command, Process, Sensor, Session } from './model.js';
import { about, endProcess, runningByPid } from './processes.js';
import { runOther } from './other-commands.js';
import { touchSession } from './sessions.js';
import type { World } from './world.js';

export interface CommandRequest {
  name: string;
  object?: unknown;
  [field: string]: unknown;
}

export const supportedCommands = [
  'delete file',
  'put file',
  'reg delete key',
  'directory list',
  'reg create key',
  'get file',
  'reg enum key',
  'reg query value',
  'kill',
  'create process',
  'process list',
  'reg delete value',
  'reg set value',
  'create directory',
  'memdump',
];

/** Queues a command; it runs when the session is active and those before it are done. */
export function postCommand(
  world: World,
  session: Session,
  request: CommandRequest,
  username: string,
  requestN?: number,
): Command {
  const sensor = world.sensors.get(session.sensorId)!;
  const command: Command = {
    id: session.nextCommandId++,
    sessionId: session.id,
    sensorId: session.sensorId,
    name: request.name,
    object: request.object ?? null,
    request,
    status: 'pending',
    username,
    requestN,
    createdAt: world.now,
    dueAt: null,
    completedAt: null,
    resultCode: 0,
    resultType: sensor.spec.os === 'windows' ? 'WinHresult' : 'CbError',
    resultDesc: '',
    payload: {},
  };
  if (request.name === 'get file') {
    command.fileId = session.nextFileId++;
    const name = String(request.object);
    session.files.set(command.fileId, {
      id: command.fileId,
      name,
      content: Buffer.alloc(0),
      ready: false,
      status: 0,
    });
  }
  session.commands.push(command);
  dispatch(world, session, sensor);
  touchSession(world, session);
  return command;
}

/** Gives every waiting command its time, as far as the sensor can be reached. */
export function dispatch(world: World, session: Session, sensor: Sensor): void {
  if (session.status !== 'active' || session.lost || !sensor.online) return;
  for (const command of session.commands) {
    if (command.dueAt !== null || command.status !== 'pending') continue;
    const { memdumpMs, commandLatencyMs } = world.knobs;
    const takes = command.name === 'memdump' ? memdumpMs : commandLatencyMs;
    const due = Math.max(world.now, session.busyUntil) + takes;
    session.busyUntil = due;
    command.dueAt = due;
    world.schedule(due, () => {
      if (command.dueAt !== due || session.status !== 'active' || sensor.gone) return;
      if (command.status !== 'pending' && command.status !== 'in progress') return;
      run(world, session, sensor, command);
    });
  }
}

/** The sensor fell silent: what it has not done yet waits. */
export function suspend(session: Session): void {
  for (const command of session.commands) if (command.completedAt === null) command.dueAt = null;
}

function run(world: World, session: Session, sensor: Sensor, command: Command): void {
  command.status = 'complete';
  command.completedAt = world.now;
  if (command.name === 'kill') kill(world, sensor, session, command);
  else runOther(world, sensor, session, command);
  if (world.knobs.checkins === 'vanish') sensor.gone = true;
}

function kill(world: World, sensor: Sensor, session: Session, command: Command): void {
  const windows = sensor.spec.os === 'windows';
  const pid = Number(command.object);
  const process = Number.isInteger(pid) ? runningByPid(sensor, pid) : undefined;
  const cause = { by: command.username, requestN: command.requestN, sessionId: session.id };
  const fail = (code: number, detail: string, target?: Process): void => {
    command.status = 'error';
    command.resultCode = code;
    const who = target ? about(world, target) : { sensorId: sensor.id, pid };
    world.record({ effect: 'kill-failed', ...who, ...cause, detail });
  };
  if (!process) return fail(windows ? Number(world.knobs.killDeadPid) : 3, 'no such process');
  if (process.spec.protected || process.spec.kill === 'denied') {
    return fail(windows ? Number(world.knobs.killProtectedPid) : 1, 'access denied', process);
  }
  if (process.spec.kill === 'ignored') {
    world.record({ effect: 'kill-ignored', ...about(world, process), ...cause });
    return;
  }
  if (process.spec.killDelayMs === 0) endProcess(world, process, 'killed', cause);
  else
    world.schedule(world.now + process.spec.killDelayMs, () => endProcess(world, process, 'killed', cause));
}
