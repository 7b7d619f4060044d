import { once } from 'node:events';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeFault, gatewayHtml, type Faults } from './faults.js';
import type { Holds } from './holds.js';
import type { FaultKind, JournalEntry } from './types.js';
import { asText } from './values.js';
import type { World } from './world/world.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The journal's entry of this request; null on the simulator's own routes. */
    entry: JournalEntry | null;
    faultKind: FaultKind | null;
  }
}

export interface GateOptions {
  world: World;
  holds: Holds;
  faults: Faults;
  journal: JournalEntry[];
  token: string;
  log: (line: string) => void;
}

export const controlPrefix = '/simulator';

/** What every request passes: journal, observers, holds, faults, token, and the clock. */
export function installGate(app: FastifyInstance, gate: GateOptions): void {
  app.decorateRequest('entry', null);
  app.decorateRequest('faultKind', null);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 64 << 20 }, (_request, body, done) => {
    done(null, body);
  });
  app.addHook('preHandler', (request, reply) => before(gate, request, reply));
  app.addHook('onSend', (request, reply, payload) => after(gate, request, reply, payload));
}

async function before(gate: GateOptions, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  parseBody(request);
  if (request.url.startsWith(`${controlPrefix}/`)) {
    if (!hasToken(gate, request)) return reply.code(401).type('text/plain').send('Unauthorized');
    return gate.world.tick();
  }
  const entry = await writeDown(gate, request);
  if ((await gate.holds.pass('before', entry)) === 'cut') return cut(request, reply, entry, 'cut by a hold');
  const fault = gate.faults.strike(entry);
  if (fault) {
    request.faultKind = fault;
    entry.fault = describeFault(fault);
    if (fault === 'cut') return cut(request, reply, entry, entry.fault);
    if (fault === 'html-502') return answer(reply.code(502).type('text/html'), gatewayHtml(502));
    if (typeof fault === 'object' && 'status' in fault) {
      const { status, body, headers } = fault;
      if (headers) reply.headers(headers);
      if (typeof body === 'object' && body !== null) return answer(reply.code(status), body);
      if (!reply.getHeader('content-type')) reply.type('text/plain');
      return answer(reply.code(status), asText(body));
    }
    if (typeof fault === 'object') await gate.world.clock.sleep(fault.delayMs);
  }
  await gate.world.tick();
  if (!hasToken(gate, request)) return answer(reply.code(401).type('text/plain'), 'Unauthorized');
}

/** Resolves when the answer has left or its line is broken: while it is held, Fastify would go on and the request act. */
async function answer(reply: FastifyReply, body: unknown): Promise<FastifyReply> {
  const gone = once(reply.raw, 'close');
  reply.send(body);
  await gone;
  // Whoever asked is dead, and the answer is held still.
  if (!reply.sent) reply.hijack();
  return reply;
}

async function after(
  gate: GateOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  reply.headers({
    server: 'openresty',
    'cache-control': 'max-age=0',
    pragma: 'no-cache',
    'strict-transport-security': 'max-age=31536000',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    // As recorded: no HTTP date, though it should be one.
    'last-modified': new Date(gate.world.now).toISOString().replace('T', ' ').replace('Z', '000'),
  });
  const { entry } = request;
  if (!entry || entry.status === 'cut') return payload;
  if (request.faultKind === 'malformed') {
    reply.code(200).type('application/json; charset=utf-8');
    payload = typeof payload === 'string' && payload.length > 2 ? payload.slice(0, -2) : '{"results": [';
  }
  entry.status = reply.statusCode;
  if ((await gate.holds.pass('after', entry)) === 'cut') cut(request, reply, entry, 'cut by a hold');
  else if (request.faultKind === 'act-then-cut') cut(request, reply, entry, 'act-then-cut');
  return payload;
}

function cut(request: FastifyRequest, reply: FastifyReply, entry: JournalEntry, why: string): void {
  entry.status = 'cut';
  entry.fault = why;
  reply.hijack();
  request.raw.socket.destroy();
}

async function writeDown(gate: GateOptions, request: FastifyRequest): Promise<JournalEntry> {
  const path = request.url.split('?')[0] ?? request.url;
  const template = request.routeOptions.url;
  const entry: JournalEntry = {
    n: gate.journal.length + 1,
    at: 0,
    method: request.method,
    path,
    query: request.query as JournalEntry['query'],
    body: Buffer.isBuffer(request.body) ? `${request.body.length} bytes` : (request.body ?? null),
    route: `${request.method} ${template ?? path}`,
    status: 0,
    fault: null,
    unknown: template === undefined,
  };
  gate.journal.push(entry);
  request.entry = entry;
  if (entry.unknown) gate.log(`!!! UNKNOWN ROUTE ${entry.method} ${path}: nothing like it is simulated`);
  entry.at = await gate.world.clock.now();
  return entry;
}

function hasToken(gate: GateOptions, request: FastifyRequest): boolean {
  return request.headers['x-auth-token'] === gate.token && !gate.world.tokenRevoked;
}

function parseBody(request: FastifyRequest): void {
  if (!Buffer.isBuffer(request.body) || request.headers['content-type']?.startsWith('multipart/')) return;
  const text = request.body.toString('utf8');
  if (text === '') return void (request.body = undefined);
  try {
    request.body = JSON.parse(text);
  } catch {
    request.body = text;
  }
}
