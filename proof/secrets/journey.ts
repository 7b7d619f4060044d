import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { type FaultHandle, type Simulator, startSimulator } from '../../simulator/index.js';
import { type DevServer, startDevServer } from '../../testing/index.js';
import { evil, fleet } from '../../test/workflows/support/hosts.js';
import { Draw } from '../bad-input/draw.js';
import { allOf, type Canaries, canaries } from './canaries.js';
import { runCommands } from './commands.js';
import { containAll } from './containments.js';
import { ECHOES, echo, STATUSES } from './echoes.js';
import { lookAtLibraryErrors } from './library-errors.js';
import { Look } from './look.js';
import { startProxy } from './proxy.js';
import { startReceiver } from './receiver.js';
import { lookAtRuns } from './runs.js';
import { startWatchedWorker } from './worker.js';

export interface Journey {
  look: Look;
  /** Faults that struck, of those that were set. */
  struck: number;
  set: number;
}

/** What the faults are on: each step of a containment, and of undoing it. */
const ROUTES = [
  'GET /api/info',
  'GET /api/v1/sensor',
  'GET /api/v1/sensor/:id',
  'PUT /api/v1/sensor/:id',
  'POST /api/v1/cblr/session',
  'GET /api/v1/cblr/session/:id',
  'POST /api/v1/cblr/session/:id/command',
  'GET /api/v1/process',
  'POST /api/v1/banning/blacklist',
];

/**
 * One worker's whole life with canaries for secrets, before a server, a proxy and a receiver that repeat them in every answer they
 * can. `odd`: secrets of odd characters, from the environment; else of hex digits, from a profile with a proxy.
 */
export async function journey(o: {
  seed: number;
  odd: boolean;
  hosts: number;
  log(line: string): void;
}): Promise<Journey> {
  const secrets = canaries(o.seed, o.odd);
  const look = new Look(allOf(secrets));
  const draw = new Draw(o.seed, `journey ${o.odd}`);
  const folder = mkdtempSync(join(tmpdir(), 'cb-secrets-'));
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    await lookAtLibraryErrors(secrets.token, look);
    const simulator = await startSimulator({
      scenario: scenarioOf(o.hosts, secrets),
      token: secrets.token,
      checkinSeconds: 1,
    });
    closing.push(() => simulator.close());
    const receiver = await startReceiver();
    closing.push(() => receiver.close());
    const proxy = await startProxy('analyst', secrets.proxyPassword);
    closing.push(() => proxy.close());
    const dbFilename = join(folder, 'temporal.db');
    const server = await startDevServer({ dbFilename });
    closing.push(() => server.stop());
    const connection = await Connection.connect({ address: server.address });
    closing.push(() => connection.close());
    const client = new Client({ connection });

    const env = envOf(o.odd, {
      simulator,
      server,
      secrets,
      proxyPort: proxy.port,
      receiverPort: receiver.port,
      folder,
    });
    const profile = o.odd ? {} : { profile: 'canary' };
    const worker = await startWatchedWorker({
      folder,
      token: secrets.token,
      env,
      temporalAddress: server.address,
      ...profile,
    });
    closing.push(() => worker.child.kill());

    const faults = setFaults(simulator, draw, secrets.token, o.hosts);
    await containAll(client, o.hosts);
    for (const fault of faults) fault.remove();
    o.log(
      `${o.hosts} containments ended; ${proxy.accepted} tunnels, ${receiver.bodies.length} notifications`,
    );
    if (!o.odd && proxy.accepted === 0)
      throw new Error("The worker did not go by its profile's proxy: its password was never sent.");
    await runCommands({
      env: { ...env, TEMPORAL_ADDRESS: server.address },
      secrets,
      simulator,
      folder,
      odd: o.odd,
      draw,
      look,
    });

    await worker.lookAndCrash(look);
    look.lines('log', 'worker', worker.child.stdout + worker.child.stderr);
    for (const body of receiver.bodies) look.at('notification', 'body', body);
    await lookAtRuns(client, look);
    for (const path of filesIn(join(folder, 'evidence')))
      look.at('evidence', path.slice(folder.length), readFileSync(path));
    await connection.close();
    await server.stop();
    for (const path of filesIn(folder).filter((name) => name.includes('temporal.db')))
      look.at('database', path.slice(folder.length), readFileSync(path));
    if (look.found.length === 0 && !worker.child.stderr.includes('[secret]'))
      throw new Error('No secret was met, so none was taken out: this journey shows nothing.');
    return { look, set: faults.length, struck: faults.filter((fault) => fault.hits() > 0).length };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Hosts of which the first three have the token in a command line: an analyst has been careless there. */
function scenarioOf(hosts: number, { token }: Canaries) {
  return fleet(hosts, (n) =>
    n <= 3 ? { processes: [evil(n, { commandLine: `evil.exe -H "X-Auth-Token: ${token}" ${token}` })] } : {},
  );
}

/** Each strikes one or two requests, of whichever containment. */
function setFaults(simulator: Simulator, draw: Draw, token: string, count: number): FaultHandle[] {
  return Array.from({ length: count * 2 }, (_, n) =>
    simulator.faults.add({
      route: ROUTES[n % ROUTES.length],
      nth: draw.int(1, Math.ceil(count / 3)),
      times: 1,
      kind: echo(draw.pick(STATUSES), draw.pick(Object.keys(ECHOES)), token),
    }),
  );
}

function envOf(
  odd: boolean,
  o: {
    simulator: Simulator;
    server: DevServer;
    secrets: Canaries;
    proxyPort: number;
    receiverPort: number;
    folder: string;
  },
): NodeJS.ProcessEnv {
  const { secrets } = o;
  const shared = {
    HOME: o.folder,
    CB_SERVER_NAME: 'cb.example',
    TEMPORAL_TLS: 'false',
    TEMPORAL_API_KEY: secrets.temporalKey,
    TEMPORAL_GRPC_META_X_TENANT: secrets.temporalHeader,
    CB_PLAYBOOK_NOTIFY_URL: `http://127.0.0.1:${o.receiverPort}/hooks/${secrets.notifyPath}?key=${secrets.notifyQuery}`,
    CB_PLAYBOOK_NOTIFY_CONTAINED: '1',
  };
  const password = encodeURIComponent(secrets.proxyPassword);
  const proxy = `http://analyst:${password}@127.0.0.1:${o.proxyPort}`;
  if (odd) return { ...shared, CBAPI_URL: o.simulator.url, CBAPI_TOKEN: secrets.token };
  mkdirSync(join(o.folder, '.carbonblack'));
  writeFileSync(
    join(o.folder, '.carbonblack', 'credentials.response'),
    `[canary]\nurl=${o.simulator.url}\ntoken=${secrets.token}\nproxy=${proxy}\n` +
      `[wrong]\nurl=${o.simulator.url}\ntoken=${secrets.token}\nproxy=${proxy.replace('analyst', 'nobody')}\n`,
  );
  return shared;
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}
