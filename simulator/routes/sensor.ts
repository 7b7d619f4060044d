import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asText, compareValues } from '../values.js';
import { lastCheckin } from '../world/grid.js';
import { computerName, sensorIp } from '../world/host-names.js';
import type { Sensor } from '../world/model.js';
import { setWish } from '../world/wish.js';
import type { World } from '../world/world.js';
import { bodyOf, causeOf, html, listWithoutRight, param, queryOf, text, withoutRight } from './reply.js';
import { sensorObject } from './sensor-object.js';

const writable = new Set([
  'network_isolation_enabled',
  'restart_queued',
  'uninstall',
  'liveresponse_init',
  'group_id',
  'notes',
  'event_log_flush_time',
]);

/** Sensors and isolation (API reference 3). */
export function sensorRoutes(app: FastifyInstance, world: World): void {
  app.get('/api/v1/sensor', (request, reply) => list(world, request, reply));
  app.get('/api/v2/sensor', (request, reply) => pagedList(world, request, reply));
  app.get('/api/v1/sensor/statistics', async () => {
    const sensors = visible(world);
    const dayAgo = world.now - 86_400_000;
    return {
      sensor_count: sensors.length,
      active_sensor_count: sensors.filter((sensor) => (lastCheckin(world, sensor) ?? 0) > dayAgo).length,
      num_eventlog_bytes: 33_200 * sensors.length,
      num_storefile_bytes: 0,
    };
  });
  app.get('/api/v1/sensor/:id', (request, reply) => {
    const sensor = find(world, request);
    if (!sensor || !world.knobs.rights.view) return notFound(reply, request);
    return reply.send(sensorObject(world, sensor));
  });
  for (const side of ['queued', 'activity', 'resourcestatus']) {
    app.get(`/api/v1/sensor/:id/${side}`, (request, reply) =>
      find(world, request) ? reply.send([]) : notFound(reply, request),
    );
  }
  app.put('/api/v1/sensor/:id', (request, reply) => update(world, request, reply));
}

function visible(world: World): Sensor[] {
  return [...world.sensors.values()].filter((sensor) => !sensor.deleted);
}

function find(world: World, request: FastifyRequest): Sensor | undefined {
  return visible(world).find((sensor) => String(sensor.id) === param(request, 'id'));
}

function notFound(reply: FastifyReply, request: FastifyRequest): FastifyReply {
  return text(reply, 404, `Sensor ${param(request, 'id')} not found`);
}

function filtered(world: World, request: FastifyRequest): Sensor[] {
  const hostname = queryOf(request, 'hostname');
  const ip = queryOf(request, 'ip');
  const group = queryOf(request, 'groupid');
  const silentDays = Number(queryOf(request, 'inactive_filter_days') ?? 0);
  const fold = (name: string): string =>
    world.knobs.hostnameFilterCase === 'insensitive' ? name.toLowerCase() : name;
  return visible(world).filter((sensor) => {
    if (ip) {
      if (!sensorIp(sensor).includes(ip)) return false;
    } else if (hostname && !fold(computerName(sensor)).includes(fold(hostname))) return false;
    if (group && String(sensor.groupId) !== group) return false;
    return !silentDays || (lastCheckin(world, sensor) ?? 0) > world.now - silentDays * 86_400_000;
  });
}

function list(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { knobs } = world;
  if (!knobs.rights.view) return listWithoutRight(reply, knobs, []);
  const sensors = filtered(world, request);
  if (sensors.length === 0) {
    if (knobs.noSensorMatch === '204') return reply.code(204).send();
    if (knobs.noSensorMatch === '500') return html(reply, 500);
    return reply.send([]);
  }
  const limit = knobs.unpagedSensorLimit;
  if (world.traits.unpagedSensorCap && sensors.length > limit) {
    const message = `Unpaged request has ${sensors.length} results, exceeds limit of ${limit}. Please consider using paging.`;
    return text(reply, Number(knobs.unpagedLimitReply), message);
  }
  return reply.send(sensors.map((sensor) => sensorObject(world, sensor)));
}

function pagedList(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!world.knobs.rights.view) {
    return listWithoutRight(reply, world.knobs, { results: [], total_results: 0 });
  }
  const rows = filtered(world, request).map((sensor) => sensorObject(world, sensor));
  const column = queryOf(request, 'sort.col') ?? 'last_checkin_time';
  const sign = queryOf(request, 'sort.dir') === 'asc' ? 1 : -1;
  rows.sort((a, b) => sign * compareValues(a[column], b[column]) || Number(a.id) - Number(b.id));
  const start = Number(queryOf(request, 'start') ?? 0);
  const count = Number(queryOf(request, 'rows') ?? 10);
  return reply.send({ results: rows.slice(start, start + count), total_results: rows.length });
}

/** Records the wish; nothing happens on the host before its next check-in (API reference 3.6, 3.7). */
function update(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { knobs, traits } = world;
  if (!knobs.rights.isolate) return withoutRight(reply, knobs);
  const sensor = find(world, request);
  if (!sensor) return notFound(reply, request);
  const body = bodyOf(request);
  const foreign = Object.keys(body).filter((key) => !writable.has(key));
  if (traits.sensorPutAllowList && foreign.length > 0) {
    return text(reply, Number(knobs.unknownSensorKey), `Invalid sensor fields: ${foreign.sort().join(', ')}`);
  }
  const flush = body.event_log_flush_time;
  if (typeof flush === 'string' && flush && !/^\w{3}, \d\d \w{3} \d{4} /.test(flush)) {
    return text(reply, 400, 'event_log_flush_time must be an RFC 822 date');
  }
  const group = body.group_id;
  if (group !== undefined && !world.group(Number(group)))
    return text(reply, 400, `Group ${asText(group)} not found`);
  const cause = causeOf(world, request);
  if (group !== undefined) sensor.groupId = Number(group);
  if ('notes' in body) sensor.notes = (body.notes as string | null) ?? null;
  if (body.restart_queued === true) sensor.restartQueued = true;
  if (body.uninstall === true) sensor.uninstallRequested = true;
  const wish = body.network_isolation_enabled;
  if (wish !== undefined) setWish(world, sensor, wish === true || wish === 'true', cause);
  return reply.code(204).send();
}
