import type { FastifyReply, FastifyRequest } from 'fastify';
import { epochSeconds } from '../times.js';
import { supportedCommands } from '../world/commands.js';
import { sensorIp } from '../world/host-names.js';
import type { Command, Session } from '../world/model.js';
import { isOpen } from '../world/sessions.js';
import type { World } from '../world/world.js';
import { param, text } from './reply.js';

/** The session named in the path; ended ones only when asked for. */
export function findSession(world: World, request: FastifyRequest, ended = false): Session | undefined {
  const session = world.sessions.get(Number(param(request, 'id')));
  return session && (ended || isOpen(session)) ? session : undefined;
}

export function noSession(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const reason = `Session ${param(request, 'id')} not found`;
  if (world.knobs.notFoundBody === 'json') return reply.code(404).send({ status: 'NOT_FOUND', reason });
  return text(reply, 404, reason);
}

export function sessionObject(world: World, session: Session): Record<string, unknown> {
  const sensor = world.sensors.get(session.sensorId)!;
  const windows = sensor.spec.os === 'windows';
  const isUp = session.activeAt !== null;
  const old = session.status === 'close' && world.knobs.closedSessionRead === 'old-status';
  return {
    status: old ? session.statusBefore : session.status,
    sensor_id: world.knobs.sessionSensorId === 'string' ? String(session.sensorId) : session.sensorId,
    supported_commands: isUp ? supportedCommands.filter((name) => windows || !name.startsWith('reg ')) : [],
    drives: isUp ? (windows ? ['A:\\', 'C:\\', 'D:\\'] : ['/']) : [],
    storage_size: isUp ? '48122' : 0,
    create_time: epochSeconds(session.createdAt),
    sensor_wait_timeout: session.sensorWaitTimeoutS,
    address: isUp ? `::ffff:${sensorIp(sensor)}` : null,
    check_in_timeout: session.checkInTimeoutS,
    id: session.id,
    hostname: sensor.hostname,
    storage_ttl: 7,
    os_version: '',
    session_timeout: session.sessionTimeoutS,
    current_working_directory: isUp ? (windows ? 'C:\\Windows\\CarbonBlack' : '/') : '',
  };
}

export function commandObject(command: Command): Record<string, unknown> {
  const begun: Record<string, unknown> = {
    status: command.status,
    username: command.username,
    sensor_id: command.sensorId,
    create_time: epochSeconds(command.createdAt),
    name: command.name,
    object: command.object,
    id: command.id,
    session_id: command.sessionId,
  };
  if (command.fileId !== undefined) begun.file_id = command.fileId;
  if (command.completedAt === null) return begun;
  return {
    ...begun,
    ...command.payload,
    completion: epochSeconds(command.completedAt),
    result_desc: command.resultDesc,
    result_type: command.resultType,
    result_code: command.resultCode,
  };
}
