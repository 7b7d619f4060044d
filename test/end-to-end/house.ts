import { Client, Connection } from '@temporalio/client';
import type { LedgerEntry } from '../../simulator/index.js';
import { type DevServer, startDevServer } from '../../testing/index.js';
import type { Child } from '../support/child.js';
import { startWorker } from '../support/worker-process.js';
import { startCli } from './cli.js';

/** The whole house as processes of their own: Temporal dev server, `cb-playbook simulator`, `cb-playbook worker`. */
export interface House {
  /** For `cli(…)`: where Temporal is. */
  env: NodeJS.ProcessEnv;
  /** The same, with the simulated server's address and token. */
  cbEnv: NodeJS.ProcessEnv;
  server: DevServer;
  client: Client;
  startWorker(): Promise<Child>;
  /** Something happens on the simulated server's side, e.g. `act('goOffline', 1)`. */
  act(name: string, ...args: unknown[]): Promise<void>;
  /** Everything that the simulated server did. */
  ledger(): Promise<LedgerEntry[]>;
  /** One fault of the simulated server, as its page on control routes describes. */
  fault(fault: object): Promise<void>;
  stop(): Promise<void>;
}

export async function startHouse(
  o: { scenario?: string; checkIn?: string; worker?: boolean } = {},
): Promise<House> {
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.reverse()) await close();
  };
  try {
    const scenario = o.scenario ?? 'evil-sticky-notes';
    const simulator = startCli(['simulator', '--scenario', scenario, '--check-in', o.checkIn ?? '1s']);
    closing.push(() => simulator.stop());
    const server = await startDevServer();
    closing.push(() => server.stop());
    const ready = JSON.parse(await simulator.line('stdout', /"url"/)) as { url: string; token: string };
    const connection = await Connection.connect({ address: server.address });
    closing.push(() => connection.close());
    const house: House = {
      env: { TEMPORAL_ADDRESS: server.address },
      cbEnv: { TEMPORAL_ADDRESS: server.address, CBAPI_URL: ready.url, CBAPI_TOKEN: ready.token },
      server,
      client: new Client({ connection }),
      startWorker: async () => {
        const { child } = await startWorker({ simulator: ready, temporalAddress: server.address });
        closing.push(() => child.stop());
        return child;
      },
      act: async (name, ...args) => {
        const answer = await fetch(`${ready.url}/simulator/act`, {
          method: 'POST',
          headers: { 'X-Auth-Token': ready.token, 'content-type': 'application/json' },
          body: JSON.stringify({ name, args }),
        });
        if (!answer.ok) throw new Error(await answer.text());
      },
      ledger: async () => {
        const answer = await fetch(`${ready.url}/simulator/ledger`, {
          headers: { 'X-Auth-Token': ready.token },
        });
        return (await answer.json()) as LedgerEntry[];
      },
      fault: async (fault) => {
        const answer = await fetch(`${ready.url}/simulator/fault`, {
          method: 'POST',
          headers: { 'X-Auth-Token': ready.token, 'Content-Type': 'application/json' },
          body: JSON.stringify(fault),
        });
        if (!answer.ok) throw new Error(`The simulator refuses the fault: ${await answer.text()}`);
      },
      stop,
    };
    if (o.worker !== false) await house.startWorker();
    return house;
  } catch (error) {
    await stop();
    throw error;
  }
}
