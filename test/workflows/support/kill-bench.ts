import assert from 'node:assert/strict';
import { ActivityNotFoundError, type Client } from '@temporalio/client';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../../activities/index.js';
import { CbResponse } from '../../../cb-response/index.js';
import {
  checkRequest,
  type ContainRequest,
  type EnumerateAndKillInput,
  type EnumerateAndKillResult,
  type KillProgress,
  type Target,
} from '../../../contract/index.js';
import {
  startSimulator,
  type Scenario,
  type Simulator,
  type SimulatorOptions,
} from '../../../simulator/index.js';
import { hostName } from './hosts.js';

const START = Date.UTC(2026, 0, 5, 8);
const INTERVAL_MS = 100;
const PHASE = 0.1;

/** The activity that kills, on a simulated server over HTTP and a clock of their own, without a Temporal server. */
export interface KillBench {
  simulator: Simulator;
  clock: { now: () => number; sleep: (ms: number) => Promise<void> };
  kill(request: ContainRequest, more?: KillOptions): Promise<EnumerateAndKillResult>;
  close(): Promise<void>;
}

export interface KillOptions extends Partial<EnumerateAndKillInput> {
  osType?: Target['osType'];
  evidenceDir?: string;
  /** What the worker's clock says at a time of the server's; the same by default. */
  workerClock?: (now: number) => number;
  /** What an attempt before this one left behind. */
  left?: KillProgress;
  /** When this is fulfilled Temporal has given the attempt up, as that of a worker that died. */
  givenUp?: Promise<unknown>;
  /** Whether Temporal has given the attempt to another worker, and only says so when asked past the throttle. */
  lost?: () => boolean;
  /** Heartbeats past the throttle, each as it was at that moment. */
  checkpoints?: KillProgress[];
}

export async function openKillBench(
  scenario: Scenario,
  server: Pick<SimulatorOptions, 'profile' | 'knobs'> = {},
): Promise<KillBench> {
  let time = START;
  const clock = {
    now: () => time,
    sleep: (ms: number) => {
      time += ms;
      return new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
  const simulator = await startSimulator({
    ...server,
    scenario,
    clock,
    checkinSeconds: INTERVAL_MS / 1_000,
    checkinPhase: PHASE,
  });
  const cb = new CbResponse({ url: simulator.url, token: simulator.token });
  return {
    simulator,
    clock,
    kill: async (request, more = {}) => {
      const {
        osType = 'windows',
        evidenceDir,
        workerClock = (now: number) => now,
        left,
        lost,
        givenUp,
        checkpoints,
        ...input
      } = more;
      const checked = checkRequest(request);
      assert.ok(checked.ok, JSON.stringify(checked));
      const { sensorId, selector, banScope, evidence } = checked.request;
      assert.ok(sensorId !== null && selector !== null, 'a sensor id and a selector');
      // All that this activity asks of Temporal: to take its checkpoints.
      const client = {
        withAbortSignal: (_signal: AbortSignal, work: () => unknown) => work(),
        activity: {
          heartbeat: (_token: Uint8Array, details: KillProgress) => {
            if (lost?.()) return Promise.reject(new ActivityNotFoundError('given to another worker'));
            checkpoints?.push(structuredClone(details));
            return Promise.resolve();
          },
        },
      } as unknown as Client;
      const info = left === undefined ? {} : { attempt: 2, heartbeatDetails: left };
      const environment = new MockActivityEnvironment(info, { client });
      void givenUp?.then(() =>
        environment.cancel('NOT_FOUND', new ActivityCancellationDetails({ notFound: true })),
      );
      const own = { ...clock, now: () => workerClock(time) };
      const { enumerateAndKill } = createActivities({ cb, clock: own, evidenceDir });
      const full: EnumerateAndKillInput = {
        target: {
          ...{ server: cb.serverName, sensorId, hostname: hostName(sensorId), groupId: 1 },
          ...{ registration: null, osType },
        },
        run: { workflowId: 'contain/test', runId: `run-${sensorId}`, who: null, reason: null },
        selectors: [{ n: 1, selector, banScope }],
        checkin: {
          intervalMs: INTERVAL_MS,
          lastAt: null,
          nextAt: nextCheckin(time),
          online: true,
          bootId: null,
        },
        deadlineAfterSlotMs: 5 * 60_000,
        latest: time + 60 * 60_000,
        ...{ respawnRounds: 5, respawn: 'kill', mode: 'kill', approved: null, protectedProcesses: [] },
        evidence,
        ...input,
      };
      return await environment.run(enumerateAndKill, full);
    },
    close: async () => {
      cb.close();
      await simulator.close();
    },
  };
}

function nextCheckin(now: number): number {
  const first = START + PHASE * INTERVAL_MS;
  return first + Math.ceil((now - first) / INTERVAL_MS) * INTERVAL_MS;
}
