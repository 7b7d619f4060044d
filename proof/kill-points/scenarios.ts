import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainRequest, Verdict } from '../../contract/index.js';
import {
  syntheticFile,
  type Effect,
  type JournalEntry,
  type Knobs,
  type Scenario,
  type Simulator,
} from '../../simulator/index.js';
import { binaryOf, FIRST_HOST, hostnameOf } from './hosts.js';
import { ENDED, type Taken } from './steps.js';

const EVIL = 'c:\\users\\public\\evil.exe';
const OPEN = 'POST /api/v1/cblr/session';
const LEASE = '4s';

/** How it must end, whenever its worker dies. */
export interface Expected {
  verdict: Verdict;
  closed: 'completed' | 'failed';
  /** How often each of these happens to a host; what is not named must not happen more than once. */
  effects: Partial<Record<Effect, number>>;
  /** Wish and fact in the end. */
  isolated: boolean;
  /** Whether the ban is in force in the end. */
  banned: boolean;
  /** `null`: it stays for twenty minutes, for an acquire that comes late. */
  leaseClosed: boolean | null;
  /** Evil processes alive in the end; `null`: the ban may have stopped them while it was in force. */
  alive: number | null;
}

export interface KillScenario {
  name: string;
  attack: string;
  promise: string;
  respawns: boolean;
  request: (host: number) => ContainRequest;
  /** Whose end is the run's end. */
  until: 'containment' | 'lease';
  /** Whether a step of an undisturbed run is one of those at which its worker is killed. */
  isPoint: (step: Taken) => boolean;
  knobs: Partial<Knobs>;
  /** Server trouble that belongs to it. */
  prepare: (simulator: Simulator) => void;
  /** Awaited before a request counts and acts. */
  admit: (simulator: Simulator, host: number, entry: JournalEntry) => Promise<void>;
  expected: Expected;
}

const contain = (host: number): ContainRequest => ({ hostname: hostnameOf(host), processName: 'evil.exe' });

const CONTAINED: Expected = {
  verdict: 'contained',
  closed: 'completed',
  effects: {
    'wish-set': 1,
    isolated: 1,
    'wish-cleared': 0,
    released: 0,
    killed: 2,
    'process-started': 0,
    banned: 1,
    unbanned: 0,
  },
  isolated: true,
  banned: true,
  leaseClosed: false,
  alive: 0,
};

const clean: KillScenario = {
  name: 'clean',
  attack: 'SIGKILL of the worker at each step: clean containment',
  promise: 'contained, each effect once, no session left',
  respawns: false,
  request: contain,
  until: 'containment',
  knobs: {},
  isPoint: () => true,
  prepare: () => undefined,
  admit: () => Promise.resolve(),
  expected: CONTAINED,
};

const respawn: KillScenario = {
  ...clean,
  name: 'respawn',
  attack: 'The same, and the process comes back once it is killed',
  promise: 'contained, each instance killed once, no session left',
  respawns: true,
  expected: { ...CONTAINED, effects: { ...CONTAINED.effects, killed: 3, 'process-started': 1 } },
};

/** Live Response is refused once isolation and ban are made: both are undone. */
const undo: KillScenario = {
  ...clean,
  name: 'undo',
  attack: 'The same, and Live Response is refused after isolation and ban',
  promise: 'rolled-back, each change made once and undone once',
  request: (host) => ({ ...contain(host), banMd5: [md5Of(host)] }),
  prepare: (simulator) => {
    simulator.faults.add({ route: OPEN, kind: { status: 405, body: 'Method Not Allowed' } });
  },
  admit: async (simulator, host, { route }) => {
    if (route === OPEN) await untilChanged(simulator, host);
  },
  expected: {
    verdict: 'rolled-back',
    closed: 'failed',
    effects: {
      'wish-set': 1,
      'wish-cleared': 1,
      killed: 0,
      'process-started': 0,
      banned: 1,
      unbanned: 1,
      'session-opened': 0,
    },
    isolated: false,
    banned: false,
    leaseClosed: null,
    alive: null,
  },
};

const lease: KillScenario = {
  ...clean,
  name: 'lease',
  attack: 'The same, from the end of a lease to the confirmed release',
  promise: 'released once, confirmed by the sensor, lease closed',
  request: (host) => ({ ...contain(host), lease: LEASE }),
  until: 'lease',
  // Else it depends on the moment of a check-in whether the release has to be waited for.
  knobs: { factReporting: 'next-checkin' },
  isPoint: (step) => step.step.endsWith(ENDED),
  expected: {
    ...CONTAINED,
    effects: { ...CONTAINED.effects, 'wish-cleared': 1, released: 1 },
    isolated: false,
    leaseClosed: true,
  },
};

export const SCENARIOS: readonly KillScenario[] = [clean, respawn, undo, lease];

export function md5Of(host: number): string {
  return syntheticFile(binaryOf(host)).md5.toUpperCase();
}

export function simulated({ name, respawns }: KillScenario, hosts: number): Scenario {
  return {
    name,
    sensors: Array.from({ length: hosts }, (_, i) => ({
      id: FIRST_HOST + i,
      hostname: hostnameOf(FIRST_HOST + i),
      processes: [20_002, 20_004].map((pid) => ({
        path: EVIL,
        pid,
        parent: 1884,
        binary: binaryOf(FIRST_HOST + i),
        ...(respawns && pid === 20_002 ? { respawn: { afterMs: 300, times: 1 } } : {}),
      })),
    })),
  };
}

/** Until the wish and the ban of a host were made; at most a minute. */
async function untilChanged(simulator: Simulator, host: number): Promise<void> {
  const md5 = md5Of(host).toLowerCase();
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
    const ledger = await simulator.ledger();
    const isolated = ledger.some((e) => e.effect === 'wish-set' && e.sensorId === host);
    const banned = ledger.some((e) => e.effect === 'banned' && e.md5?.toLowerCase() === md5);
    if (isolated && banned) return;
  }
}
