/**
 * The simulator's own routes, for those who run it as another process: what happened, and what shall happen.
 * They need the token, and no journal holds them.
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Simulator } from '../types.js';
import { text } from './reply.js';

const faultBody = z.strictObject({
  method: z.string().optional(),
  route: z.string().optional(),
  /** A regular expression instead of `route`. */
  routePattern: z.string().optional(),
  bodyIncludes: z.record(z.string(), z.unknown()).optional(),
  nth: z.number().int().positive().optional(),
  times: z.number().int().positive().optional(),
  kind: z.union([
    z.enum(['cut', 'act-then-cut', 'malformed', 'html-502']),
    z.strictObject({
      status: z.number().int(),
      body: z.unknown().optional(),
      headers: z.record(z.string(), z.string()).optional(),
    }),
    z.strictObject({ delayMs: z.number().nonnegative() }),
  ]),
});
const actBody = z.strictObject({ name: z.string(), args: z.array(z.unknown()).default([]) });

export function controlRoutes(app: FastifyInstance, prefix: string, simulator: Simulator): void {
  app.get(`${prefix}/journal`, async () => simulator.journal());
  app.get(`${prefix}/ledger`, () => simulator.ledger());
  app.get(`${prefix}/state`, () => simulator.state());
  app.get(`${prefix}/unknown-routes`, async () => simulator.unknownRoutes());
  app.post(`${prefix}/fault`, async (request, reply) => {
    const parsed = faultBody.safeParse(request.body);
    if (!parsed.success) return text(reply, 400, z.prettifyError(parsed.error));
    const { routePattern, ...fault } = parsed.data;
    const route = routePattern === undefined ? fault.route : new RegExp(routePattern);
    simulator.faults.add({ ...fault, route });
    return { added: true };
  });
  app.post(`${prefix}/act`, async (request, reply) => {
    const parsed = actBody.safeParse(request.body);
    if (!parsed.success) return text(reply, 400, z.prettifyError(parsed.error));
    const { name, args } = parsed.data;
    if (!Object.hasOwn(simulator.act, name)) {
      return text(reply, 400, `No act "${name}"; expected one of ${Object.keys(simulator.act).join(', ')}.`);
    }
    const acts = simulator.act as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
    try {
      return { result: (await acts[name]!(...args)) ?? null };
    } catch (error) {
      return text(reply, 400, (error as Error).message);
    }
  });
}
