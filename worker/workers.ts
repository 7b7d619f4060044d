import {
  type ActivityInterceptorsFactory,
  Worker,
  type NativeConnection,
  type WorkerOptions,
} from '@temporalio/worker';
import {
  createActivities,
  splitByQueue,
  type Clock,
  type InfoMemory,
  type NamedPolicy,
  type NotifyReceiver,
} from '../activities/index.js';
import type { CbResponse } from '../cb-response/index.js';
import { TASK_QUEUES } from '../contract/index.js';
import { scrubFailures } from './scrub-failures.js';
import { createScrub, type Scrub } from './scrub.js';
import { findWorkflows, workflowInterceptors } from './workflow-source.js';

/** Live Response sessions a worker process has at once: ten sessions a server, two left for analysts. */
export const DEFAULT_SLOTS = 8;
/** Activities under way for each session: among those that wait, the one whose host checks in next is the next to go. */
const ACTIVITIES_A_SLOT = 4;

export interface PlaybookWorkersOptions {
  connection: NativeConnection;
  namespace: string;
  cb: CbResponse;
  /** Time outside workflows; the machine's own by default. */
  clock?: Clock;
  /** Path of a prebuilt workflow bundle; default: the one beside the running code, else from source. */
  bundle?: string;
  /** Bundle these workflows instead of the playbook's (for tests of something else). */
  workflowsPath?: string;
  /** Live Response sessions at once; 0 serves no Live Response. Default {@link DEFAULT_SLOTS}. */
  slots?: number;
  /** Where people are told; nobody by default. */
  notify?: NotifyReceiver | null;
  /** Guard rails that every run of these workers begins with; default: the built-in policy. */
  policy?: NamedPolicy;
  /** Folder for copies of binaries on this machine; none are kept by default. */
  evidenceDir?: string | null;
  /** How long the server's own settings are believed; by default they are read for each run. */
  info?: InfoMemory;
  /** Takes secrets out of every failure; authentication headers go without it, too. */
  scrub?: Scrub;
  /** For tests: activities that take the place of ours, or come on top. */
  activityOverrides?: Record<string, (...args: never[]) => Promise<unknown>>;
  /** For tests: told of every activity that runs. */
  activityInterceptors?: ActivityInterceptorsFactory[];
  /** For tests: settings that go to both workers as they are. */
  workerOptions?: Partial<Omit<WorkerOptions, 'taskQueue' | 'activities' | 'connection' | 'namespace'>>;
}

export interface PlaybookWorkers {
  /** The queues that are polled once `run` was called. */
  readonly taskQueues: string[];
  /** Polls until `shutdown`, a signal the SDK listens to (SIGTERM, SIGINT), or a fault that cannot be lived with. */
  run(): Promise<void>;
  /** Starts to drain: no more tasks are taken, running activities get 5 s, then a cancel, at 25 s it ends. */
  shutdown(): void;
  /** Runs while `fn` does. */
  runUntil<T>(fn: () => Promise<T>): Promise<T>;
}

/**
 * One worker for workflows and every activity that needs no Live Response session, one for those that do.
 * Both are on one connection, which is also the client that activities use.
 */
export async function createPlaybookWorkers(o: PlaybookWorkersOptions): Promise<PlaybookWorkers> {
  const slots = o.slots ?? DEFAULT_SLOTS;
  const { cb, clock, notify, policy, evidenceDir, info } = o;
  const activities = createActivities({ cb, clock, notify, policy, evidenceDir, info, sessions: slots });
  const { main, liveResponse } = splitByQueue(activities);
  const overrides = o.activityOverrides ?? {};
  const common = {
    connection: o.connection,
    namespace: o.namespace,
    // The default of 60 s loses heartbeat details at a crash, and tells of a cancel as late.
    maxHeartbeatThrottleInterval: '1s',
    shutdownGraceTime: '5s',
    shutdownForceTime: '25s',
    interceptors: {
      activity: [scrubFailures(o.scrub ?? createScrub()), ...(o.activityInterceptors ?? [])],
    },
    ...o.workerOptions,
  } satisfies Partial<WorkerOptions>;

  const source = o.workflowsPath ? { workflowsPath: o.workflowsPath } : findWorkflows(o.bundle);
  const creations = [
    Worker.create({
      ...common,
      ...source,
      ...('workflowsPath' in source
        ? { interceptors: { ...common.interceptors, workflowModules: workflowInterceptors() } }
        : {}),
      taskQueue: TASK_QUEUES.main,
      activities: { ...main, ...overrides },
    }),
  ];
  if (slots > 0) {
    creations.push(
      Worker.create({
        ...common,
        taskQueue: TASK_QUEUES.liveResponse,
        activities: { ...liveResponse, ...overrides },
        maxConcurrentActivityTaskExecutions: slots * ACTIVITIES_A_SLOT,
      }),
    );
  }
  const workers = await Promise.all(creations);
  return together(workers);
}

function together(workers: Worker[]): PlaybookWorkers {
  const shutdown = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  /** Half a playbook is none: when one worker ends, the others drain. */
  const run = async (): Promise<void> => {
    const ends = await Promise.allSettled(workers.map((worker) => worker.run().finally(shutdown)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  };
  return {
    taskQueues: workers.map((worker) => worker.options.taskQueue),
    run,
    shutdown,
    async runUntil(fn) {
      const running = run();
      try {
        const failed = running.then(() => Promise.reject(new Error('The workers stopped too early.')));
        failed.catch(() => undefined);
        return await Promise.race([fn(), failed]);
      } finally {
        shutdown();
        await running;
      }
    },
  };
}
