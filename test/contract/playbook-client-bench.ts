import assert from 'node:assert/strict';
import { CbResponse, isCbError, type LiveCommand } from '../../cb-response/index.js';
import {
  startSimulator,
  virtualClock,
  type Effect,
  type Knobs,
  type LedgerEntry,
  type Scenario,
  type Simulator,
  type SimulatorOptions,
  type VirtualClock,
} from '../../simulator/index.js';

/** A server of some kind and the client, on a clock that stands still. */
export interface ClientBench {
  cb: CbResponse;
  simulator: Simulator;
  clock: VirtualClock;
  knobs: Partial<Knobs>;
  /** Whether answers get lost or refused for a moment: then a call may have acted before the one that answers. */
  faulty: boolean;
  /** What the caller is to do on a passing fault: the same call again. Only for calls that are idempotent by state. */
  sure: <T>(call: () => Promise<T>) => Promise<T>;
  effects: (...effects: Effect[]) => Promise<LedgerEntry[]>;
  /** Lets check-ins pass until it is so. */
  until: (what: string, isSo: () => Promise<boolean>) => Promise<void>;
  /** A session of ours that waits for a check-in. */
  pending: (sensorId: number) => Promise<number>;
  /** An active session of ours. */
  session: (sensorId: number) => Promise<number>;
  /** One command, to its end. */
  command: (sessionId: number, name: string, object?: string | number) => Promise<LiveCommand>;
}

/** One promise of the client, on whatever server. */
export interface ClientCase {
  name: string;
  scenario?: Scenario | string;
  knobs?: Partial<Knobs>;
  test: (bench: ClientBench) => Promise<void>;
}

const PASSING = ['unavailable', 'unknown-outcome', 'rate-limited', 'unreachable'] as const;
const STEP_MS = 10_000;
/** Longer than any host is away, and than the index lags. */
const LONGEST_MS = 1_200_000;

export async function withClient(
  o: Partial<SimulatorOptions> & { knobs?: Partial<Knobs> },
  test: (bench: ClientBench) => Promise<void>,
): Promise<void> {
  const clock = virtualClock();
  const simulator = await startSimulator({
    scenario: 'evil-sticky-notes',
    clock,
    checkinPhase: 1 / 3,
    log: () => undefined,
    ...o,
  });
  const cb = new CbResponse({ url: simulator.url, token: simulator.token });
  try {
    await test(benchOf(cb, simulator, clock, o.knobs ?? {}));
    assert.deepEqual(simulator.unknownRoutes(), []);
  } finally {
    cb.close();
    await simulator.close();
  }
}

function benchOf(
  cb: CbResponse,
  simulator: Simulator,
  clock: VirtualClock,
  knobs: Partial<Knobs>,
): ClientBench {
  const sure = async <T>(call: () => Promise<T>): Promise<T> => {
    for (let left = 10; ; left--) {
      try {
        return await call();
      } catch (error) {
        if (left === 0 || !isCbError(error, ...PASSING)) throw error;
      }
    }
  };
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    const deadline = clock.now() + LONGEST_MS;
    while (!(await isSo())) {
      assert.ok(clock.now() < deadline, `${LONGEST_MS / 1_000} s passed, and not yet: ${what}`);
      clock.advance(STEP_MS);
    }
  };
  const pending = (sensorId: number): Promise<number> => sure(() => open(cb, sensorId));
  return {
    cb,
    simulator,
    clock,
    knobs,
    faulty: knobs.randomFaults === 'seeded' || knobs.lostReply === 'on' || knobs.rateLimit === 'some',
    sure,
    until,
    effects: async (...effects) =>
      (await simulator.ledger()).filter(({ effect }) => effects.includes(effect)),
    pending,
    session: async (sensorId) => {
      const id = await pending(sensorId);
      await until(`session ${id} active`, async () => {
        const sessions = await sure(() => cb.liveResponse.sessions());
        return sessions.some((session) => session.id === id && session.status === 'active');
      });
      return id;
    },
    command: async (sessionId, name, object) => {
      const body = object === undefined ? { name } : { name, object };
      let command: LiveCommand | null = await sure(() => cb.liveResponse.postCommand(sessionId, body));
      const { id } = command;
      while (command?.status === 'pending' || command?.status === 'in progress') {
        command = await sure(() => cb.liveResponse.command(sessionId, id, { wait: true }));
      }
      assert.ok(command, 'the session is gone');
      return command;
    },
  };
}

/** An answer that was lost has opened it all the same. */
async function open(cb: CbResponse, sensorId: number): Promise<number> {
  try {
    return (await cb.liveResponse.open(sensorId)).id;
  } catch (error) {
    if (isCbError(error, 'second-session') && error.sessionId !== null) return error.sessionId;
    if (!isCbError(error, 'second-session')) throw error;
    const sessions = await cb.liveResponse.sessions();
    const standing = sessions.find((s) => s.sensorId === sensorId && /pending|active/.test(s.status));
    if (standing === undefined) throw error;
    return standing.id;
  }
}
