import { Client, Connection } from '@temporalio/client';
import { TASK_QUEUES, WORKFLOW_TYPES } from '../../contract/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import type { Child } from '../../test/support/child.js';
import { waitFor } from '../../test/support/wait-for.js';
import { startWorker } from '../../test/support/worker-process.js';
import { FIRST_HOST, containmentOf } from './hosts.js';
import { watchHttp } from './http-steps.js';
import { simulated, type KillScenario } from './scenarios.js';
import { ENDED, Steps } from './steps.js';
import { TemporalLine } from './temporal-line.js';
import { watchTemporal } from './temporal-steps.js';

/** Hosts of one stage: three for each point that a run may have, for points are played again. */
const HOSTS = 480;

/** One scenario's own namespace, simulator and worker, every step of the worker under control. */
export class Stage {
  private last = FIRST_HOST - 1;
  private worker: Child | null = null;

  private constructor(
    readonly scenario: KillScenario,
    readonly client: Client,
    readonly simulator: Simulator,
    readonly steps: Steps,
    private readonly closeLine: () => void,
    private readonly start: () => Promise<Child>,
  ) {}

  /** @param temporal address of the dev server, on which the stage gets a namespace of its own */
  static async open(scenario: KillScenario, temporal: string): Promise<Stage> {
    const connection = await Connection.connect({ address: temporal });
    const namespace = `kill-points-${scenario.name}`;
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    const simulator = await startSimulator({
      scenario: simulated(scenario, HOSTS),
      checkinSeconds: 1,
      knobs: scenario.knobs,
      log: () => undefined,
    });
    scenario.prepare(simulator);
    const steps = new Steps();
    watchHttp(simulator, steps, HOSTS, scenario.admit);
    const line = await TemporalLine.open(temporal, watchTemporal(steps));
    const client = new Client({ connection, namespace });
    await waitFor('the namespace', () => isThere(connection, namespace), { timeoutMs: 30_000 });
    return new Stage(
      scenario,
      client,
      simulator,
      steps,
      () => line.close(),
      async () =>
        (await startWorker({ simulator, temporalAddress: line.address, namespace, slots: 8 })).child,
    );
  }

  nextHost(): number {
    this.last += 1;
    if (this.last >= FIRST_HOST + HOSTS) throw new Error(`A stage has ${HOSTS} hosts, and all are used.`);
    return this.last;
  }

  async contain(host: number): Promise<void> {
    const run = await this.client.workflow.start(WORKFLOW_TYPES.containEndpoint, {
      taskQueue: TASK_QUEUES.main,
      workflowId: containmentOf(host),
      args: [this.scenario.request(host)],
    });
    const over = (): void => this.steps.startOver(host, ENDED);
    void run.result().then(over, over);
  }

  async startWorker(): Promise<void> {
    this.worker = await this.start();
  }

  /** SIGKILL; epoch ms of it. */
  async killWorker(): Promise<number> {
    const { worker } = this;
    if (worker === null || !worker.isRunning) {
      throw new Error(`The worker ended by itself: ${worker?.stderr.slice(-2_000) ?? 'there was none'}`);
    }
    const at = Date.now();
    await worker.kill();
    return at;
  }

  async close(): Promise<void> {
    if (this.worker?.isRunning) await this.worker.kill();
    this.closeLine();
    await this.simulator.close();
    await this.client.connection.close();
  }
}

async function isThere(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
    await connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 1 });
    return true;
  } catch {
    return false;
  }
}
