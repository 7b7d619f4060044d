import { Client, Connection } from '@temporalio/client';
import type { LedgerEntry, SimulatorState } from '../../simulator/index.js';
import { createDevServerEnvironment, type DevServer, startDevServer } from '../../testing/index.js';
import type { Child } from '../support/child.js';
import { namespaceOfItsOwn } from '../support/shared-dev-server.js';
import { startWorker } from '../support/worker-process.js';
import { startCli } from './cli.js';

/** What a command line meets: a Temporal dev server, a simulated Cb server, and workers. */
export interface House {
  /** For `cli(…)`: where Temporal is. */
  env: NodeJS.ProcessEnv;
  /** The same, with the simulated server's address and token. */
  cbEnv: NodeJS.ProcessEnv;
  server: DevServer;
  client: Client;
  /** Something happens on the simulated server's side, e.g. `act('goOffline', 1)`. */
  act(name: string, ...args: unknown[]): Promise<void>;
  /** Everything that the simulated server did. */
  ledger(): Promise<LedgerEntry[]>;
  /** How the simulated server stands now: wish and fact of each sensor, processes, sessions, bans. */
  state(): Promise<SimulatorState>;
  /** One fault of the simulated server, as its page on control routes describes. */
  fault(fault: object): Promise<void>;
  stop(): Promise<void>;
}

/** A house whose parts can die by themselves. */
export interface HouseOfProcesses extends House {
  startWorker(): Promise<Child>;
}

/** A house whose workers are the test's own. */
export interface HouseInOneProcess extends House {
  stopWorkers(): Promise<void>;
}

const SCENARIO = 'evil-sticky-notes';

/** A house in the test's own process but for Temporal: what is tried is the command line. */
export async function startHouse({ scenario = SCENARIO } = {}): Promise<HouseInOneProcess> {
  const on = await namespaceOfItsOwn();
  const env = await createDevServerEnvironment({ scenario, checkinSeconds: 1, log: () => undefined, on });
  return {
    ...controlsOf(env.simulator, { TEMPORAL_ADDRESS: on.server.address, TEMPORAL_NAMESPACE: on.namespace }),
    server: env.server,
    client: env.client,
    stopWorkers: () => env.stopWorkers(),
    stop: () => env.close(),
  };
}

/** The whole house as processes of their own: Temporal dev server, `cb-playbook simulator`, `cb-playbook worker`. */
export async function startProcesses({ worker = true } = {}): Promise<HouseOfProcesses> {
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.reverse()) await close();
  };
  try {
    const simulator = startCli(['simulator', '--scenario', SCENARIO, '--check-in', '1s']);
    closing.push(() => simulator.stop());
    const server = await startDevServer();
    closing.push(() => server.stop());
    const ready = JSON.parse(await simulator.line('stdout', /"url"/)) as { url: string; token: string };
    const connection = await Connection.connect({ address: server.address });
    closing.push(() => connection.close());
    const house: HouseOfProcesses = {
      ...controlsOf(ready, { TEMPORAL_ADDRESS: server.address }),
      server,
      client: new Client({ connection }),
      startWorker: async () => {
        const { child } = await startWorker({ simulator: ready, temporalAddress: server.address });
        closing.push(() => child.stop());
        return child;
      },
      stop,
    };
    if (worker) await house.startWorker();
    return house;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The settings of a command line, and the simulated server's control routes. */
function controlsOf(
  simulator: { url: string; token: string },
  temporal: NodeJS.ProcessEnv,
): Pick<House, 'env' | 'cbEnv' | 'act' | 'ledger' | 'state' | 'fault'> {
  const { url, token } = simulator;
  const headers = { 'X-Auth-Token': token, 'content-type': 'application/json' };
  const post = async (route: string, body: unknown): Promise<void> => {
    const answer = await fetch(`${url}/simulator/${route}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The simulator refuses ${route}: ${await answer.text()}`);
  };
  const look = async (route: string): Promise<unknown> =>
    await (await fetch(`${url}/simulator/${route}`, { headers })).json();
  return {
    env: temporal,
    cbEnv: { ...temporal, CBAPI_URL: url, CBAPI_TOKEN: token },
    act: (name, ...args) => post('act', { name, args }),
    ledger: async () => (await look('ledger')) as LedgerEntry[],
    state: async () => (await look('state')) as SimulatorState,
    fault: (fault) => post('fault', fault),
  };
}
