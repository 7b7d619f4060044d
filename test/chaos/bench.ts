import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { containmentId, TASK_QUEUES, WORKFLOW_TYPES, type ContainRequest } from '../../contract/index.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import type { Child } from '../support/child.js';
import { namespaceOfItsOwn } from '../support/shared-dev-server.js';
import { startWorker } from '../support/worker-process.js';
import type { Host } from './fleet.js';

/** A namespace and worker processes of their own, the simulator here: so that a test can kill what it wants, when it wants. */
export interface ChaosBench {
  simulator: Simulator;
  client: Client;
  /** Waits until it polls. `slots`: Live Response activities at once. */
  worker(slots?: number): Promise<Child>;
  contain(host: Host, more?: Partial<ContainRequest>): Promise<WorkflowHandle>;
  close(): Promise<void>;
}

export async function chaosBench(o: SimulatorOptions): Promise<ChaosBench> {
  const undo: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const { server, namespace } = await namespaceOfItsOwn();
    const simulator = await startSimulator({ checkinSeconds: 1, log: () => undefined, ...o });
    undo.push(() => simulator.close());
    const connection = await Connection.connect({ address: server.address });
    undo.push(() => connection.close());
    const client = new Client({ connection, namespace });
    return {
      simulator,
      client,
      worker: async (slots) => {
        const { child } = await startWorker({
          ...{ simulator, temporalAddress: server.address, namespace, slots },
        });
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
