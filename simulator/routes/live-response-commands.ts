import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asText } from '../values.js';
import { postCommand, supportedCommands, type CommandRequest } from '../world/commands.js';
import type { Command } from '../world/model.js';
import type { World } from '../world/world.js';
import { commandObject, findSession, noSession } from './live-response-objects.js';
import { bodyOf, html, param, queryOf, text } from './reply.js';
import { waitUntil } from './wait.js';

const base = '/api/v1/cblr/session/:id/command';
/** What the documentation calls a finished command against what the objects say (API reference 4.5). */
const filterWords: Record<string, Command['status']> = {
  completed: 'complete',
  'in progress': 'in progress',
  canceled: 'cancel',
};

export function commandRoutes(app: FastifyInstance, world: World): void {
  app.post(base, (request, reply) => {
    const session = findSession(world, request);
    if (!session) return noSession(world, request, reply);
    const body = bodyOf(request);
    const name = asText(body.name);
    if (!supportedCommands.includes(name)) return text(reply, 400, `Command '${name}' is not supported`);
    const order: CommandRequest = { ...body, name };
    const command = postCommand(world, session, order, world.knobs.username, request.entry?.n);
    return reply.send(commandObject(command));
  });
  app.get(base, (request, reply) => {
    const session = findSession(world, request);
    if (!session) return noSession(world, request, reply);
    const status = queryOf(request, 'status');
    const wanted = status === undefined ? undefined : (filterWords[status] ?? status);
    const count = Number(queryOf(request, 'count') ?? Number.POSITIVE_INFINITY);
    const commands = session.commands.filter((command) => !wanted || command.status === wanted);
    return reply.send(commands.slice(0, count).map(commandObject));
  });
  app.get(`${base}/:command`, async (request, reply) => {
    const command = findCommand(world, request);
    if (!command) return missing(world, request, reply);
    if (queryOf(request, 'wait') === 'true') {
      const session = findSession(world, request);
      const isDone = (): boolean => command.status !== 'pending' || !findSession(world, request);
      const done = await waitUntil(world, isDone, () => command.dueAt);
      if (!done && world.knobs.waitLimitReply === '504') return html(reply, 504);
      if (session && !findSession(world, request)) return noSession(world, request, reply);
    }
    return reply.send(commandObject(command));
  });
  app.put(`${base}/:command`, (request, reply) => {
    const command = findCommand(world, request);
    if (!command) return missing(world, request, reply);
    if (/^cancel/.test(String(bodyOf(request).status)) && command.status === 'pending') {
      command.status = 'cancel';
      command.completedAt = world.now;
      command.dueAt = null;
    }
    return reply.send(commandObject(command));
  });
}

function findCommand(world: World, request: FastifyRequest): Command | undefined {
  const id = Number(param(request, 'command'));
  return findSession(world, request)?.commands.find((command) => command.id === id);
}

function missing(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!findSession(world, request)) return noSession(world, request, reply);
  return text(reply, 404, `Command ${param(request, 'command')} not found`);
}
