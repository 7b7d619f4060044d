import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from '../world/model.js';
import { endSession, isOpen, openSession, openSessions, touchSession } from '../world/sessions.js';
import type { World } from '../world/world.js';
import { commandRoutes } from './live-response-commands.js';
import { fileRoutes } from './live-response-files.js';
import { findSession, noSession, sessionObject } from './live-response-objects.js';
import { bodyOf, causeOf, html, listWithoutRight, queryOf, text, withoutRight } from './reply.js';
import { waitUntil } from './wait.js';

const base = '/api/v1/cblr/session';
/** How long ended sessions stay in the list [INF]. */
const remembered = 600_000;

/** Live Response (API reference 4). */
export function liveResponseRoutes(app: FastifyInstance, world: World): void {
  app.addHook('preHandler', async (request, reply) => {
    if (!request.url.startsWith('/api/v1/cblr')) return undefined;
    if (!world.knobs.liveResponseEnabled) return text(reply, 412, 'Live Response is not enabled');
    const isAction = request.method !== 'GET';
    return isAction && !world.knobs.rights.liveResponse ? withoutRight(reply, world.knobs) : undefined;
  });
  app.post(base, (request, reply) => open(world, request, reply));
  app.get(base, (request, reply) => list(world, request, reply));
  app.get(`${base}/:id`, async (request, reply) => {
    const found = readable(world, request);
    if (!found) return noSession(world, request, reply);
    if (queryOf(request, 'wait') === 'true') {
      const done = await waitUntil(world, () => found.status !== 'pending');
      if (!done && world.knobs.waitLimitReply === '504') return html(reply, 504);
    }
    return reply.send(sessionObject(world, found));
  });
  app.put(`${base}/:id`, (request, reply) => change(world, request, reply));
  app.get(`${base}/:id/keepalive`, (request, reply) => {
    const session = findSession(world, request);
    if (!session) return noSession(world, request, reply);
    if (session.status === 'pending') {
      const cause = causeOf(world, request);
      const why = 'keepalive on a pending session';
      if (world.knobs.keepaliveOnPending === 'closes') endSession(world, session, 'close', cause, why);
    } else touchSession(world, session);
    return reply.send(sessionObject(world, session));
  });
  app.get(`${base}/:id/archive`, (request, reply) => {
    const session = findSession(world, request);
    if (!session) return noSession(world, request, reply);
    if (session.commands.length === 0) return text(reply, 500, 'Unhandled exception: nothing to archive');
    return reply.type('application/gzip').send(Buffer.from('1f8b0800', 'hex'));
  });
  commandRoutes(app, world);
  fileRoutes(app, world);
}

function open(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { knobs } = world;
  const body = bodyOf(request);
  const sensorId = Number(body.sensor_id);
  const sensor = world.sensors.get(sensorId);
  if (!sensor || sensor.deleted) return text(reply, 404, `Sensor ${String(body.sensor_id)} not found`);
  if (!sensor.spec.supportsLiveResponse) {
    return text(reply, 400, `Sensor ${sensorId} does not support Live Response`);
  }
  const others = openSessions(world);
  const same = others.find((session) => session.sensorId === sensorId);
  if (same && knobs.secondSession === '404') {
    return text(reply, 404, `Session ${same.id} already exists for sensor ${sensorId}`);
  }
  if (others.length >= knobs.maxSessions) {
    return text(
      reply,
      Number(knobs.sessionLimitReply),
      `Maximum number of sessions (${knobs.maxSessions}) reached`,
    );
  }
  const seconds = (...names: string[]): number | undefined => {
    const value = names.map((name) => body[name]).find((given) => given !== undefined && given !== null);
    return value === undefined ? undefined : Number(value);
  };
  const session = openSession(
    world,
    {
      sensorId,
      openedBy: knobs.username,
      checkInTimeoutS: seconds('checkin_timeout', 'check_in_timeout'),
      sessionTimeoutS: seconds('session_timeout'),
      sensorWaitTimeoutS: seconds('sensor_wait_timeout'),
    },
    causeOf(world, request),
  );
  return reply.send(sessionObject(world, session));
}

function list(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!world.knobs.rights.liveResponse) return listWithoutRight(reply, world.knobs, []);
  const onlyOpen = queryOf(request, 'active_only') === 'true' && world.traits.activeOnly;
  const sessions = [...world.sessions.values()].filter((session) => {
    if (isOpen(session)) return true;
    return !onlyOpen && world.now - (session.endedAt ?? 0) <= remembered;
  });
  return reply.send(sessions.map((session) => sessionObject(world, session)));
}

/** The session as a GET may see it: ended ones are unreliable. */
function readable(world: World, request: FastifyRequest): Session | undefined {
  const session = findSession(world, request, true);
  if (!session || isOpen(session)) return session;
  const { closedSessionRead, timedOutSessionRead } = world.knobs;
  const hidden =
    session.status === 'close' ? closedSessionRead === 'not-found' : timedOutSessionRead === 'not-found';
  return hidden || world.now - (session.endedAt ?? 0) > remembered ? undefined : session;
}

function change(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const session = findSession(world, request);
  if (!session) return noSession(world, request, reply);
  const before = sessionObject(world, session);
  if (String(bodyOf(request).status).toLowerCase() === 'close') {
    endSession(world, session, 'close', causeOf(world, request));
    if (world.knobs.closeReply === 'old-status') return reply.send(before);
    return reply.send({ ...before, status: 'close' });
  }
  return reply.send(before);
}
