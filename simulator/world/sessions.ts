import type { Sensor, Session, SessionStatus } from './model.js';
import type { Cause, World } from './world.js';

export function isOpen(session: Session): boolean {
  return session.status === 'pending' || session.status === 'active';
}

export function openSessions(world: World): Session[] {
  return [...world.openSessions];
}

export interface SessionRequest {
  sensorId: number;
  openedBy: string;
  checkInTimeoutS?: number;
  sessionTimeoutS?: number;
  sensorWaitTimeoutS?: number;
}

/** Opens a session, pending until the sensor's next check-in. Limits are the caller's to look at. */
export function openSession(world: World, request: SessionRequest, cause: Cause): Session {
  const { knobs } = world;
  const session: Session = {
    id: world.nextSessionId++,
    sensorId: request.sensorId,
    status: 'pending',
    statusBefore: 'pending',
    openedBy: request.openedBy,
    createdAt: world.now,
    activeAt: null,
    endedAt: null,
    lastActivity: world.now,
    checkInTimeoutS: request.checkInTimeoutS ?? knobs.checkInTimeoutS,
    sessionTimeoutS: request.sessionTimeoutS ?? knobs.sessionTimeoutS,
    sensorWaitTimeoutS: request.sensorWaitTimeoutS ?? knobs.sensorWaitTimeoutS,
    commands: [],
    files: new Map(),
    nextCommandId: 1,
    nextFileId: 1,
    busyUntil: world.now,
    deadline: 0,
    lost: false,
  };
  world.sessions.set(session.id, session);
  world.openSessions.add(session);
  world.record({ effect: 'session-opened', sensorId: session.sensorId, sessionId: session.id, ...cause });
  setDeadline(world, session, world.now + session.checkInTimeoutS * 1000);
  return session;
}

export function activateSession(world: World, session: Session): void {
  session.status = 'active';
  session.statusBefore = 'active';
  session.activeAt = world.now;
  session.busyUntil = world.now;
  world.record({ effect: 'session-active', sensorId: session.sensorId, sessionId: session.id });
  touchSession(world, session);
}

/** A command or a keepalive: the patience of server and sensor starts anew. */
export function touchSession(world: World, session: Session): void {
  session.lastActivity = world.now;
  if (session.status !== 'active') return;
  const sensor = world.sensors.get(session.sensorId);
  if (session.lost || (sensor && !sensor.online)) return;
  const idleS =
    world.knobs.idleLimit === 'session-timeout' ? session.sessionTimeoutS : session.sensorWaitTimeoutS;
  setDeadline(world, session, Math.max(world.now, session.busyUntil) + idleS * 1000);
}

/** The sensor fell silent: the server waits for it `sensor_wait_timeout` long. */
export function sensorFellSilent(world: World, sensor: Sensor): void {
  for (const session of openSessions(world)) {
    if (session.sensorId !== sensor.id || session.status !== 'active') continue;
    const patience = world.now + session.sensorWaitTimeoutS * 1000;
    setDeadline(world, session, Math.min(session.deadline, patience));
  }
}

function setDeadline(world: World, session: Session, at: number): void {
  session.deadline = at;
  world.schedule(at, () => {
    if (isOpen(session) && session.deadline === at) endSession(world, session, 'timeout', {});
  });
}

export function endSession(
  world: World,
  session: Session,
  status: Extract<SessionStatus, 'close' | 'timeout'>,
  cause: Cause,
  detail?: string,
): void {
  if (!isOpen(session)) return;
  session.statusBefore = session.status;
  session.status = status;
  session.endedAt = world.now;
  world.openSessions.delete(session);
  for (const command of session.commands) {
    if (command.completedAt === null) command.dueAt = null;
  }
  const effect = status === 'close' ? 'session-closed' : 'session-timeout';
  const { id: sessionId, sensorId } = session;
  world.record({ effect, sensorId, sessionId, ...cause, ...(detail ? { detail } : {}) });
}
