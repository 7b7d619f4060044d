/** Ways in which the server says no (API reference 1). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { gatewayHtml } from '../faults.js';
import type { Knobs } from '../knobs.js';
import type { Cause, World } from '../world/world.js';

export function text(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(message);
}

export function html(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).type('text/html').send(gatewayHtml(status));
}

/** A right is missing: actions are refused. */
export function withoutRight(reply: FastifyReply, knobs: Knobs): FastifyReply {
  const status = Number(knobs.missingRight);
  return text(reply, status, status === 405 ? 'Method Not Allowed' : 'Forbidden');
}

/** A right is missing: lists are empty, or refused too. */
export function listWithoutRight(reply: FastifyReply, knobs: Knobs, empty: unknown): FastifyReply {
  return knobs.missingRight === '405' ? reply.send(empty) : withoutRight(reply, knobs);
}

export function causeOf(world: World, request: FastifyRequest): Cause {
  return { by: world.knobs.username, requestN: request.entry?.n };
}

/** The JSON body as an object; anything else is an empty one. */
export function bodyOf(request: FastifyRequest): Record<string, unknown> {
  const { body } = request;
  const isObject =
    typeof body === 'object' && body !== null && !Array.isArray(body) && !Buffer.isBuffer(body);
  return isObject ? (body as Record<string, unknown>) : {};
}

export function param(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}

/** A query parameter, or undefined; of a repeated one the first. */
export function queryOf(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value[0] : value;
}
