/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import { after } from 'node:test';
import { startSimulator, virtualClock } from '../../simulator/index.js';
import type { LedgerEntry, Simulator, SimulatorOptions, VirtualClock } from '../../simulator/index.js';

export interface Answer {
  status: number;
  text: string;
  /** The body parsed, or undefined when it is no JSON. */
  // Tests look into answers of many shapes; each assertion checks what it reads.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  json: any;
  headers: Headers;
}

export interface Bench {
  simulator: Simulator;
  clock: VirtualClock;
  start: number;
  get: (path: string) => Promise<Answer>;
  post: (path: string, body?: unknown) => Promise<Answer>;
  put: (path: string, body?: unknown) => Promise<Answer>;
  delete: (path: string) => Promise<Answer>;
  effects: (...effects: LedgerEntry['effect'][]) => Promise<LedgerEntry[]>;
  /** Opens a session, lets the sensor check in, and returns the session's path. */
  session: (sensorId: number) => Promise<string>;
  /** Runs one command to its end. */
  command: (session: string, body: object) => Promise<Answer['json']>;
}

/** A simulator on a clock that stands still, gone when the file's tests are done. Check-in every 30 s, first at 10 s. */
export async function bench(options: Partial<SimulatorOptions> = {}): Promise<Bench> {
  const clock = virtualClock();
  const simulator = await startSimulator({
    scenario: 'evil-sticky-notes',
    clock,
    checkinSeconds: 30,
    checkinPhase: 1 / 3,
    log: () => undefined,
    ...options,
  });
  after(() => simulator.close());
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(simulator.url + path, {
      method,
      headers: { 'X-Auth-Token': simulator.token, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: answer.status, text, json, headers: answer.headers };
  };
  const post = (path: string, body?: unknown): Promise<Answer> => call('POST', path, body);
  const get = (path: string): Promise<Answer> => call('GET', path);
  return {
    simulator,
    clock,
    start: clock.now(),
    get,
    post,
    put: (path, body) => call('PUT', path, body),
    delete: (path) => call('DELETE', path),
    effects: async (...effects) =>
      (await simulator.ledger()).filter(({ effect }) => effects.includes(effect)),
    session: async (sensorId) => {
      const { json } = await post('/api/v1/cblr/session', { sensor_id: sensorId });
      clock.advance(30_000);
      return `/api/v1/cblr/session/${json.id}`;
    },
    command: async (session, body) => {
      const { json } = await post(`${session}/command`, body);
      return (await get(`${session}/command/${json.id}?wait=true`)).json;
    },
  };
}
