/** The public shapes of the simulator: what a test, the demo or a command line sees of it. */
import type { Knobs, Profile } from './knobs.js';
import type { Scenario } from './scenario.js';

/** Time in epoch milliseconds. `now` may be asynchronous (the time of a Temporal test server). */
export interface SimulatorClock {
  now(): number | Promise<number>;
  sleep(ms: number): Promise<void>;
}

export interface SimulatorOptions {
  /** Name of a shipped scenario, path of a scenario file, or the scenario itself. */
  scenario: string | Scenario;
  host?: '127.0.0.1';
  /** 0 (default) takes a free port. */
  port?: number;
  /** Self-signed certificate; its PEM is `Simulator.caPem`. */
  tls?: boolean;
  /** API token of the scenario's user; a fixed test token by default. */
  token?: string;
  clock?: SimulatorClock;
  profile?: Profile;
  knobs?: Partial<Knobs>;
  /** Overrides the scenario's check-in interval. */
  checkinSeconds?: number;
  /** Overrides where in the interval every sensor checks in first: 0 = at start, 0.5 = half an interval later. */
  checkinPhase?: number;
  log?: (line: string) => void;
}

/** One request to the API, as it arrived, and how it was answered. */
export interface JournalEntry {
  /** 1, 2, 3 … in order of arrival. */
  n: number;
  /** Epoch ms on the simulator's clock. */
  at: number;
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  body: unknown;
  /** Template, e.g. `PUT /api/v1/sensor/:id`; of an unknown route the method and the path as sent. */
  route: string;
  /** 0 while it is being answered; `cut` when the connection was destroyed instead. */
  status: number | 'cut';
  /** What was done to it on purpose, or null. */
  fault: string | null;
  /** True when no such route is simulated. */
  unknown: boolean;
}

export type Effect =
  | 'wish-set'
  | 'wish-cleared'
  | 'isolated'
  | 'released'
  | 'session-opened'
  | 'session-active'
  | 'session-closed'
  | 'session-timeout'
  | 'killed'
  | 'kill-failed'
  | 'kill-ignored'
  | 'process-started'
  | 'process-ended'
  | 'start-blocked'
  | 'banned'
  | 'unbanned'
  | 'ban-enforced'
  | 'process-list'
  | 'directory-list'
  | 'file-read'
  | 'file-written'
  | 'file-deleted'
  | 'went-offline'
  | 'came-online'
  | 'rebooted'
  | 'reinstalled'
  | 'sensor-deleted'
  | 'sensor-updated'
  | 'indexed'
  | 'token-revoked';

/** One thing that happened, at its own time, whoever asked for it. */
export interface LedgerEntry {
  at: number;
  effect: Effect;
  sensorId?: number;
  guid?: string;
  pid?: number;
  path?: string;
  md5?: string;
  sessionId?: number;
  /** Console user who caused it; absent where the sensor did it by itself. */
  by?: string;
  /** `n` of the journal entry whose request caused it. */
  requestN?: number;
  detail?: string;
}

export interface ProcessState {
  guid: string;
  pid: number;
  parentGuid: string;
  path: string;
  commandLine: string;
  username: string;
  md5: string;
  startedAt: number;
}

export interface SensorState {
  id: number;
  hostname: string;
  /** `network_isolation_enabled` */
  wish: boolean;
  /** `is_isolating` as the server would answer it */
  fact: boolean;
  online: boolean;
  status: string;
  lastCheckin: number | null;
  nextCheckin: number | null;
  /** Running processes. */
  processes: ProcessState[];
}

export interface SessionState {
  id: number;
  sensorId: number;
  status: string;
  openedBy: string;
  createdAt: number;
  endedAt: number | null;
}

export interface BanState {
  md5: string;
  text: string;
  enabled: boolean;
  username: string;
}

export interface SimulatorState {
  now: number;
  sensors: SensorState[];
  sessions: SessionState[];
  bans: BanState[];
}

/** Which requests: all given conditions must hold. */
export interface RequestMatch {
  method?: string;
  /** Template or path; a string may also be the whole `PUT /api/v1/sensor/:id`. */
  route?: string | RegExp;
  /** These keys of the JSON body have these values (deep equality). */
  bodyIncludes?: object;
  /** Only the nth request that matches the rest, counted from 1 and from when this was added. */
  nth?: number;
}

export type FaultKind =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | { delayMs: number }
  | 'cut'
  | 'act-then-cut'
  | 'malformed'
  | 'html-502';

export type Fault = RequestMatch & {
  /** How often it strikes; without limit by default. */
  times?: number;
  kind: FaultKind;
};

export interface FaultHandle {
  remove(): void;
  hits(): number;
}

export interface Hold {
  arrived: Promise<JournalEntry>;
  /** Let the held request go on; one that has not arrived yet is not held any more. */
  release(): void;
  /** Destroy its connection instead (`before`: it never acts; `after`: it has acted). */
  cut(): void;
}

export interface RequestEvent {
  phase: 'before' | 'after';
  entry: JournalEntry;
}

/** What a new process is; everything but the path has a default. */
export interface NewProcess {
  path: string;
  pid?: number;
  parentGuid?: string;
  commandLine?: string;
  username?: string;
  /** Name of the synthetic file content: same name, same MD5. Default: the base name of the path. */
  binary?: string;
}

/** Things that happen on hosts and in the console without the client: each at the clock's present time. */
export interface Act {
  goOffline(sensorId: number): Promise<void>;
  comeOnline(sensorId: number): Promise<void>;
  reboot(sensorId: number): Promise<void>;
  /** The host registers anew; the old registration stays, silent. */
  reinstall(sensorId: number): Promise<number>;
  deleteSensor(sensorId: number): Promise<void>;
  startProcess(sensorId: number, process: NewProcess): Promise<string>;
  endProcess(guid: string): Promise<void>;
  setWish(sensorId: number, wish: boolean, by: string): Promise<void>;
  openSessionAs(sensorId: number, user: string, checkInTimeoutS?: number): Promise<number>;
  commandAs(sessionId: number, command: { name: string; object?: unknown }, user: string): Promise<number>;
  closeSession(sessionId: number, by?: string): Promise<void>;
  addBan(md5: string, by: string, text: string): Promise<void>;
  disableBan(md5: string, by?: string): Promise<void>;
  /** The process becomes searchable now. */
  indexNow(guid: string): Promise<void>;
  revokeToken(): Promise<void>;
  /** Somebody sets the server up otherwise while it runs; what is not named stays as it is. */
  turn(knobs: Partial<Knobs>): Promise<void>;
}

export interface Simulator {
  /** Base URL without a trailing slash. */
  url: string;
  token: string;
  caPem: string | null;
  caFile: string | null;
  clock: SimulatorClock;
  journal(): JournalEntry[];
  /** Effects in order of their time, settled to `clock.now()`. */
  ledger(): Promise<LedgerEntry[]>;
  state(): Promise<SimulatorState>;
  faults: { add(fault: Fault): FaultHandle };
  hold(match: RequestMatch & { when: 'before' | 'after' }): Hold;
  /** Awaited at every request before and after it acts; returns the function that ends it. */
  observe(listener: (event: RequestEvent) => void | Promise<void>): () => void;
  act: Act;
  unknownRoutes(): JournalEntry[];
  close(): Promise<void>;
}
