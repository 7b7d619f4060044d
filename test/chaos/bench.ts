import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { containmentId, TASK_QUEUES, WORKFLOW_TYPES, type ContainRequest } from '../../contract/index.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import { startDevServer, type DevServer, type DevServerOptions } from '../../testing/index.js';
import type { Child } from '../support/child.js';
import { startWorker } from '../support/worker-process.js';
import type { Host } from './fleet.js';

/** A dev server and worker processes of their own, the simulator here: so that a test can kill what it wants, when it wants. */
export interface ChaosBench {
  simulator: Simulator;
  temporal: DevServer;
  client: Client;
  /** Waits until it polls. `slots`: Live Response activities at once. */
  worker(slots?: number): Promise<Child>;
  contain(host: Host, more?: Partial<ContainRequest>): Promise<WorkflowHandle>;
  close(): Promise<void>;
}

export async function chaosBench(
  o: SimulatorOptions & { devServer?: DevServerOptions },
): Promise<ChaosBench> {
  const { devServer, ...rest } = o;
  const undo: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const temporal = await startDevServer(devServer);
    undo.push(() => temporal.stop());
    const simulator = await startSimulator({ checkinSeconds: 1, log: () => undefined, ...rest });
    undo.push(() => simulator.close());
    const connection = await Connection.connect({ address: temporal.address });
    undo.push(() => connection.close());
    const client = new Client({ connection });
    return {
      simulator,
      temporal,
      client,
      worker: async (slots) => {
        const { child } = await startWorker({ simulator, temporalAddress: temporal.address, slots });
        undo.push(() => (child.isRunning ? child.kill() : undefined));
        return child;
      },
      contain: (host, more) => {
        const request: ContainRequest = { hostname: host.hostname, processName: 'evil.exe', ...more };
        return client.workflow.start(WORKFLOW_TYPES.containEndpoint, {
          taskQueue: TASK_QUEUES.main,
          workflowId: containmentId(request),
          args: [request],
        });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
