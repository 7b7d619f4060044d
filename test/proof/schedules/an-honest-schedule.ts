import type { LeaseState, Receipt } from '../../../contract/index.js';
import { md5Of } from '../../../proof/schedules/draw-hosts.js';
import type { HostPlan, Schedule } from '../../../proof/schedules/schedule.js';
import type { LeaseSeen, RunSeen, Seen } from '../../../proof/schedules/seen.js';
import type { LedgerEntry, SensorState } from '../../../simulator/index.js';

export const SENSOR = 10;
export const T0 = Date.UTC(2026, 0, 5, 8);
export const MD5 = md5Of('evil-1');
export const GUID = '0000000a-0000-7530-01dd-7c77a52c281a';
const PATH = 'c:\\users\\public\\evil.exe';
const RUN = { workflowId: 'contain/s1-a', runId: 'run-1' };
export const TAG = `cb-response-playbook run ${RUN.workflowId} ${RUN.runId}: banned for ana`;

const host: HostPlan = {
  ...{ hostname: 'S1-A', sensorId: SENSOR, os: 'windows', isolatedBefore: false, offline: false },
  processes: [{ path: PATH, pid: 30_000, binary: 'evil-1' }],
};
const schedule: Schedule = {
  ...{
    seed: 1,
    stage: 'skipped',
    profile: '7.5',
    knobs: {},
    checkinSeconds: 30,
    checkinPhase: 0.1,
    fillers: 1,
  },
  ...{ hosts: [host], bans: [], faults: [], events: [], liftMs: 60_000 },
  runs: [{ host: 0, request: { hostname: 'S1-A', processName: 'evil.exe' }, workflowId: null }],
};

function sensor(more: Partial<SensorState>): SensorState {
  const times = { lastCheckin: T0, nextCheckin: T0 + 30_000 };
  const evil = { guid: GUID, pid: 30_000, parentGuid: '', path: PATH, md5: MD5, startedAt: T0 - 60_000 };
  return {
    ...{ id: SENSOR, hostname: 'S1-A', wish: false, fact: false, online: true, status: 'Online', ...times },
    processes: [{ ...evil, commandLine: '', username: 'user' }],
    ...more,
  };
}

export function entry(more: Partial<LedgerEntry> & Pick<LedgerEntry, 'effect'>, s = 10): LedgerEntry {
  return { at: T0 + s * 1_000, sensorId: SENSOR, by: 'playbook', ...more };
}

/** One containment as it should be: isolated, one process killed, its hash banned. Tests doctor a copy. */
export function anHonestSchedule(): Seen {
  const iso = new Date(T0 + 20_000).toISOString();
  const receipt = {
    ...{ verdict: 'contained', gaps: [], ...RUN, endedAt: iso, undo: [], problems: [], sessions: [] },
    requestedBy: [{ selector: { name: 'evil.exe' }, joined: false }],
    isolation: { outcome: 'isolated', expiresAt: null },
    hostState: { asOf: iso },
    bans: [{ md5: MD5.toUpperCase(), outcome: 'banned' }],
  } as unknown as Receipt;
  const run: RunSeen = {
    ...{ ...RUN, sensorId: SENSOR, requests: [{ hostname: 'S1-A', processName: 'evil.exe' }] },
    ...{ unsure: [], span: { from: T0, to: T0 + 20_000 } },
    ...{ startedAt: T0, endedAt: T0 + 20_000, closed: 'completed', type: null, receipt, openAtEnd: [] },
  };
  const hold = { holdId: `${RUN.workflowId}/${RUN.runId}`, ...RUN };
  const state = { wish: 'placed', ours: true, holds: [hold], drift: [] } as unknown as LeaseState;
  const lease: LeaseSeen = { sensorId: SENSOR, status: 'RUNNING', state };
  const session = { id: 1, sensorId: SENSOR, openedBy: 'playbook', createdAt: T0, endedAt: T0 + 15_000 };
  return structuredClone({
    ...{ schedule, worldHosts: [host], journal: [], runs: [run], leases: [lease], deeds: [], struck: {} },
    ...{ liftedAt: T0 + 60_000, restAt: T0 + 3_600_000 },
    atStart: { now: T0, sensors: [sensor({})], sessions: [], bans: [] },
    atRest: {
      now: T0 + 3_600_000,
      sensors: [sensor({ wish: true, fact: true, processes: [] })],
      sessions: [{ ...session, status: 'close' }],
      bans: [{ md5: MD5, text: TAG, enabled: true, username: 'playbook' }],
    },
    ledger: [
      entry({ effect: 'wish-set' }, 1),
      entry({ effect: 'session-opened', sessionId: 1 }, 2),
      entry({ effect: 'isolated' }, 5),
      entry({ effect: 'process-list', sessionId: 1 }, 6),
      entry({ effect: 'killed', guid: GUID, pid: 30_000, path: PATH, md5: MD5, sessionId: 1 }, 7),
      entry({ effect: 'process-list', sessionId: 1 }, 8),
      entry({ effect: 'banned', sensorId: undefined, md5: MD5, detail: TAG }, 9),
      entry({ effect: 'session-closed', sessionId: 1 }, 15),
    ],
  });
}
