import Fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { realClock } from './clock.js';
import { Faults } from './faults.js';
import { controlPrefix, installGate } from './gate.js';
import { Holds } from './holds.js';
import { defaultKnobs, type Knobs } from './knobs.js';
import { banRoutes } from './routes/bans.js';
import { controlRoutes } from './routes/control.js';
import { infoRoutes } from './routes/info.js';
import { liveResponseRoutes } from './routes/live-response.js';
import { html } from './routes/reply.js';
import { searchRoutes } from './routes/search.js';
import { sensorRoutes } from './routes/sensor.js';
import { loadScenario } from './scenario-file.js';
import { selfSignedCertificate } from './tls.js';
import type { JournalEntry, Simulator, SimulatorOptions } from './types.js';
import { actOn } from './world/act.js';
import { buildWorld } from './world/build.js';
import { snapshot } from './world/snapshot.js';

/** Token of the scenario's user unless another is given. Opens nothing but simulators. */
export const defaultToken = '7e57ca9a21b0c4d83f6e15a90d8b72c6e4f1a3d5';

/** Starts a Cb Response server on loopback. Throws ScenarioError for a scenario that cannot be used. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const scenario = loadScenario(options.scenario);
  const clock = options.clock ?? realClock;
  const knobs: Knobs = { ...defaultKnobs, ...options.knobs };
  const world = buildWorld({
    scenario,
    clock,
    knobs,
    profile: options.profile ?? '7.5',
    startedAt: await clock.now(),
    intervalMs: (options.checkinSeconds ?? scenario.checkinSeconds) * 1000,
    checkinPhase: options.checkinPhase,
  });
  const token = options.token ?? defaultToken;
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const journal: JournalEntry[] = [];
  const holds = new Holds();
  const faults = new Faults(knobs);
  const certificate = options.tls ? await selfSignedCertificate() : null;
  const app = Fastify({
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true },
    ...(certificate ? { https: { key: certificate.key, cert: certificate.cert } } : {}),
  }) as unknown as FastifyInstance;
  app.setErrorHandler(async (error, _request, reply) => {
    log(`!!! ${String((error as Error).stack ?? error)}`);
    return html(reply, 500);
  });
  app.setNotFoundHandler({ preHandler: [] }, async (request, reply) => html(reply, 404));
  installGate(app, { world, holds, faults, journal, token, log });
  infoRoutes(app, world);
  sensorRoutes(app, world);
  searchRoutes(app, world);
  banRoutes(app, world);
  liveResponseRoutes(app, world);
  const settled = async <T>(what: () => T): Promise<T> => {
    await world.tick();
    return what();
  };
  const simulator: Simulator = {
    url: '',
    token,
    caPem: certificate?.cert ?? null,
    caFile: certificate?.file ?? null,
    clock,
    journal: () => journal.map((entry) => ({ ...entry })),
    ledger: () => settled(() => world.ledger.map((entry) => ({ ...entry }))),
    state: () => settled(() => snapshot(world)),
    faults,
    hold: (match) => holds.hold(match),
    observe: (listener) => holds.observe(listener),
    act: actOn(world),
    unknownRoutes: () => journal.filter((entry) => entry.unknown),
    close: async () => {
      holds.end();
      await app.close();
      certificate?.remove();
    },
  };
  controlRoutes(app, controlPrefix, simulator);
  await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  simulator.url = `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`;
  return simulator;
}
