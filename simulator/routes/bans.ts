import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { serverLocalTime } from '../times.js';
import { asText } from '../values.js';
import { setBan } from '../world/bans.js';
import type { Ban } from '../world/model.js';
import type { World } from '../world/world.js';
import { bodyOf, causeOf, listWithoutRight, param, queryOf, text, withoutRight } from './reply.js';

const base = '/api/v1/banning/blacklist';
const success = { result: 'success' };

/** Bans (API reference 7). */
export function banRoutes(app: FastifyInstance, world: World): void {
  app.get(base, (request, reply) => {
    if (!world.knobs.rights.view) return listWithoutRight(reply, world.knobs, []);
    const count = Number(queryOf(request, 'count') ?? world.knobs.banListLimit);
    const bans = [...world.bans.values()].slice(0, count);
    return reply.send(bans.map((ban) => banObject(world, ban)));
  });
  app.get(`${base}/:md5`, (request, reply) => {
    const ban = find(world, param(request, 'md5'));
    if (ban) return reply.send(banObject(world, ban));
    const status = Number(world.knobs.unknownBanGet);
    return text(reply, status, `Ban for md5 '${param(request, 'md5')}' does not exist`);
  });
  app.post(base, (request, reply) => add(world, request, reply));
  app.put(`${base}/:md5`, (request, reply) => change(world, request, reply));
  app.delete(`${base}/:md5`, (request, reply) => disable(world, request, reply));
  app.get('/api/v1/banning/restrictions', async () => ({ patterns: [] }));
  app.get('/api/v1/banning/whitelist', async () => ({ whitelist: [] }));
}

function find(world: World, md5: string): Ban | undefined {
  return world.bans.get(md5.toLowerCase());
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}

function banObject(world: World, ban: Ban): Record<string, unknown> {
  const { banCase, serverUtcOffsetMinutes } = world.knobs;
  const time = (ms: number | null): string | null =>
    ms === null ? null : serverLocalTime(ms, serverUtcOffsetMinutes);
  const cased = { 'as-given': ban.md5, lower: ban.md5.toLowerCase(), upper: ban.md5.toUpperCase() };
  return {
    md5hash: cased[banCase],
    text: ban.text,
    enabled: ban.enabled,
    user_id: 2,
    username: ban.username,
    timestamp: time(ban.createdAt),
    block_count: ban.blockCount,
    last_block_time: time(ban.lastBlockAt),
    last_block_hostname: ban.lastBlockHostname,
    last_block_sensor_id: ban.lastBlockSensorId,
    audit: ban.audit.map((entry) => ({
      username: entry.username,
      user_id: 2,
      timestamp: time(entry.at),
      text: entry.text,
      enabled: entry.enabled,
    })),
  };
}

function add(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { knobs } = world;
  if (!knobs.rights.ban) return withoutRight(reply, knobs);
  const body = bodyOf(request);
  const md5 = asText(body.md5hash);
  if (!/^[0-9a-f]{32}$/i.test(md5) && knobs.badMd5 === '400') return text(reply, 400, `Invalid md5 '${md5}'`);
  const refusedWhen = knobs.banPost === '409-enabled-200-disabled';
  const known = find(world, md5);
  if (known?.enabled === refusedWhen) {
    return text(reply, 409, `Ban for md5 ${md5.toUpperCase()} already exists`);
  }
  const enabled = body.enabled === undefined || isTrue(body.enabled);
  setBan(world, md5, asText(body.text), enabled, knobs.username, causeOf(world, request));
  return reply.send(success);
}

function change(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { knobs } = world;
  if (!knobs.rights.ban) return withoutRight(reply, knobs);
  const md5 = param(request, 'md5');
  const ban = find(world, md5);
  if (!ban) return text(reply, Number(knobs.unknownBanGet), `Ban for md5 '${md5}' does not exist`);
  const body = bodyOf(request);
  const enabled = body.enabled === undefined ? ban.enabled : isTrue(body.enabled);
  setBan(world, md5, asText(body.text ?? ban.text), enabled, knobs.username, causeOf(world, request));
  return reply.send(banObject(world, ban));
}

/** Disables the ban and clears its text; the entry stays. */
function disable(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { knobs } = world;
  if (!knobs.rights.ban) return withoutRight(reply, knobs);
  const md5 = param(request, 'md5');
  if (!find(world, md5)) {
    return text(reply, Number(knobs.unknownBanDelete), `Ban for md5 '${md5}' does not exist`);
  }
  setBan(world, md5, '', false, knobs.username, causeOf(world, request));
  return reply.send(success);
}
