import { Client, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { CbResponse } from '../cb-response/index.js';
import { playbookClientOf, type PlaybookClient } from '../client/index.js';
import {
  checkPolicy,
  containmentId,
  type ContainRequest,
  describeMistakes,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator/index.js';
import {
  createPlaybookWorkers,
  createScrub,
  registerSearchAttributes,
  type PlaybookWorkersOptions,
} from '../worker/index.js';
import { outcomeOf, type Outcome } from './outcome.js';
import { allRuns, replayRuns, spread } from './replay.js';
import type { SharedClock } from './shared-clock.js';
import { timePassing, type TimePasses } from './time-passes.js';
import { playbookBundle } from './workflow-bundle.js';

export interface EnvironmentOptions
  extends
    Omit<SimulatorOptions, 'clock'>,
    Pick<
      PlaybookWorkersOptions,
      'slots' | 'bundle' | 'workflowsPath' | 'activityOverrides' | 'notify' | 'evidenceDir' | 'info'
    > {
  /** The workers' policy, as its file would say it; default: the built-in one. */
  policy?: unknown;
  /** False: a namespace that lacks our search attributes. Default true. */
  searchAttributes?: boolean;
  /** False: no worker polls until `startWorkers`. Default true. */
  workers?: boolean;
  /**
   * True: `stopWorkers` may be used on the time-skipping server. Workers then keep no workflow in their cache, which
   * costs about half a second a containment; with a cache, this server's tasks for a stopped worker are lost (tried).
   */
  restartable?: boolean;
}

export interface Containment {
  handle: WorkflowHandle;
  workflowId: string;
  runId: string;
  /** Waits for the end; skips time where the server can. Never throws for a run that failed. */
  outcome(): Promise<Outcome>;
}

/** Temporal, a simulated Cb server, a Cb client and the playbook's workers, in one process and on one clock. */
export interface PlaybookTestEnvironment extends AsyncDisposable {
  readonly temporal: TestWorkflowEnvironment;
  /** A plain client: awaiting a result with it does not skip time, `timePasses` and `outcome` do. */
  readonly client: Client;
  /** The client library on the same client; wrap its waits in `timePasses`. */
  readonly playbook: PlaybookClient;
  readonly namespace: string;
  readonly simulator: Simulator;
  readonly cb: CbResponse;
  readonly clock: SharedClock;
  /** A plain start of `containEndpoint`; the id is `contain/<host>` unless one is given. */
  contain(request: ContainRequest, o?: StartOptions): Promise<Containment>;
  /** Lets this much time pass on Temporal's clock, in ms or as `'90s'`. Never call it inside an activity. */
  sleep(duration: number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`): Promise<void>;
  /** Lets time pass (skip, where the server can) until the promise has settled, and gives what it gave. */
  timePasses: TimePasses;
  stopWorkers(): Promise<void>;
  startWorkers(): Promise<void>;
  /**
   * Replays every run of the namespace; throws where one would not do again what it did, and where the simulator's token
   * stands in its history. Returns how many.
   */
  replayAll(o?: {
    /** No more than so many, evenly spread over all of them: a fifth of a long test's time goes into replays. */
    atMost?: number;
  }): Promise<number>;
  /** Ends workers, simulator and server, in this order. */
  close(): Promise<void>;
}

export interface StartOptions {
  workflowId?: string;
  memo?: Record<string, unknown>;
}

/** Puts the parts on a running Temporal server; on failure, and at `close`, they go in reverse order. */
export async function assemble(
  temporal: TestWorkflowEnvironment,
  clock: SharedClock,
  o: EnvironmentOptions & Pick<PlaybookWorkersOptions, 'activityInterceptors'>,
): Promise<PlaybookTestEnvironment> {
  const namespace = temporal.namespace ?? 'default';
  const client = new Client({ connection: temporal.connection, namespace });
  const timePasses = timePassing(temporal);
  const undo: (() => void | Promise<void>)[] = [() => temporal.teardown()];
  /** Every step is taken whatever the others do: a server that is left behind lives on. */
  const close = async (): Promise<void> => {
    const faults: unknown[] = [];
    for (let step = undo.pop(); step; step = undo.pop()) {
      try {
        await step();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  };
  try {
    const policy = policyOf(o.policy);
    if (o.searchAttributes !== false) await register(temporal, namespace);
    const simulator = await startSimulator({ ...o, clock });
    undo.push(() => simulator.close());
    const cb = new CbResponse({
      url: simulator.url,
      token: simulator.token,
      // As the real one's, its own certificate bears another name than the host's (API reference 1).
      ...(simulator.caPem ? { tls: { ca: simulator.caPem, verifyHostname: false } } : {}),
    });
    undo.push(() => cb.close());
    const bundle = o.workflowsPath ? undefined : (o.bundle ?? (await playbookBundle()));
    let stopWorkers = (): Promise<void> => Promise.resolve();
    const startWorkers = async (): Promise<void> => {
      await stopWorkers();
      const workers = await createPlaybookWorkers({
        connection: temporal.nativeConnection,
        namespace,
        cb,
        clock,
        bundle,
        slots: o.slots,
        workflowsPath: o.workflowsPath,
        activityOverrides: o.activityOverrides,
        activityInterceptors: o.activityInterceptors,
        notify: o.notify,
        policy,
        evidenceDir: o.evidenceDir,
        info: o.info,
        scrub: createScrub([simulator.token]),
        workerOptions: {
          shutdownGraceTime: '200ms',
          shutdownForceTime: '10s',
          ...(o.restartable ? { maxCachedWorkflows: 0 } : {}),
        },
      });
      const running = workers.run();
      running.catch(() => undefined);
      stopWorkers = async () => {
        stopWorkers = () => Promise.resolve();
        workers.shutdown();
        await running;
      };
    };
    undo.push(() => stopWorkers());
    if (o.workers !== false) await startWorkers();

    return {
      temporal,
      client,
      playbook: playbookClientOf(client),
      namespace,
      simulator,
      cb,
      clock,
      contain: (request, start) => contain(client, timePasses, request, start),
      sleep: (duration) => temporal.sleep(duration),
      timePasses,
      startWorkers,
      stopWorkers: async () => {
        if (temporal.supportsTimeSkipping && !o.restartable) {
          throw new Error(
            'On the time-skipping server workers can be stopped only in an environment that was created with restartable: true.',
          );
        }
        await stopWorkers();
      },
      replayAll: async ({ atMost = Infinity } = {}) =>
        replayRuns(
          temporal.client,
          spread(await allRuns(temporal.client, namespace), atMost),
          bundle ?? (await playbookBundle()),
          [simulator.token],
        ),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is wrong with a test's policy must not be found out by the runs that go by it. */
function policyOf(raw: unknown): PlaybookWorkersOptions['policy'] {
  if (raw === undefined) return undefined;
  const checked = checkPolicy(raw);
  if (!checked.ok) throw new TypeError(`policy: ${describeMistakes(checked.mistakes)}`);
  return { policy: checked.policy, name: 'test' };
}

async function register(temporal: TestWorkflowEnvironment, namespace: string): Promise<void> {
  const { why } = await registerSearchAttributes(temporal.nativeConnection, namespace);
  if (why !== null) throw new Error(`The test namespace takes no search attributes: ${why}`);
}

async function contain(
  client: Client,
  timePasses: TimePasses,
  request: ContainRequest,
  o: StartOptions = {},
): Promise<Containment> {
  const handle = await client.workflow.start(WORKFLOW_TYPES.containEndpoint, {
    taskQueue: TASK_QUEUES.main,
    workflowId: o.workflowId ?? containmentId(request),
    args: [request],
    memo: o.memo,
  });
  return {
    handle,
    workflowId: handle.workflowId,
    runId: handle.firstExecutionRunId,
    outcome: () => timePasses(outcomeOf(handle)),
  };
}
