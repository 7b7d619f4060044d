/** What the simulated world consists of. Times are epoch ms on the simulator's clock. */
import type { BinarySpec, ProcessSpec, SensorSpec } from '../scenario.js';

export interface Process {
  guid: string;
  sensorId: number;
  pid: number;
  parentPid: number;
  parentGuid: string;
  path: string;
  commandLine: string;
  username: string;
  /** Name of its synthetic file. */
  binary: string;
  startedAt: number;
  endedAt: number | null;
  spec: ProcessSpec;
  /** How many instances may still follow this one. */
  respawnsLeft: number;
  /** When its first row can be searched; null: never. */
  indexedAt: number | null;
  /** When its end can be searched. */
  endIndexedAt: number | null;
  segments: number;
}

export interface Sensor {
  id: number;
  spec: SensorSpec;
  hostname: string;
  dnsName: string;
  groupId: number;
  notes: string | null;
  wish: boolean;
  /** Console user who set the wish; names the cause of the effect at check-in. */
  wishBy: { by?: string; requestN?: number };
  /** What the host really does. */
  isolating: boolean;
  /** What the server was last told. */
  reported: boolean;
  online: boolean;
  /** Check-ins are at phaseAt + k × interval (k any integer). */
  phaseAt: number;
  /** When it last became reachable: no check-in before this counts. */
  onlineSince: number;
  /** Last check-in before it went offline. */
  lastSeen: number | null;
  /** Last check-in whose effects have been worked through. */
  checkedUpTo: number;
  registeredAt: number;
  bootedAt: number;
  bootId: number;
  uninstalled: boolean;
  uninstallRequested: boolean;
  restartQueued: boolean;
  /** Enabled bans as of the last check-in, lower case. */
  knownBans: Set<string>;
  knownBansVersion: number;
  processes: Process[];
  /** Files beside those of the processes, lower case on Windows: path to binary name or bytes. */
  files: Map<string, string | Buffer>;
  /** Those of the uploaded files that may be run, where a system asks for that. */
  executable: Set<string>;
  nextPid: number;
  /** It never comes back by itself. */
  gone: boolean;
  deleted: boolean;
}

export type SessionStatus = 'pending' | 'active' | 'close' | 'timeout';

export interface Session {
  id: number;
  sensorId: number;
  status: SessionStatus;
  /** Status before it ended. */
  statusBefore: SessionStatus;
  openedBy: string;
  createdAt: number;
  activeAt: number | null;
  endedAt: number | null;
  lastActivity: number;
  checkInTimeoutS: number;
  sessionTimeoutS: number;
  sensorWaitTimeoutS: number;
  commands: Command[];
  files: Map<number, SessionFile>;
  nextCommandId: number;
  nextFileId: number;
  /** The sensor works on one command after the other. */
  busyUntil: number;
  deadline: number;
  /** The sensor has forgotten it (reboot). */
  lost: boolean;
}

export interface SessionFile {
  id: number;
  name: string;
  content: Buffer;
  ready: boolean;
  status: number;
}

export interface Command {
  id: number;
  sessionId: number;
  sensorId: number;
  name: string;
  object: unknown;
  request: Record<string, unknown>;
  status: 'pending' | 'in progress' | 'complete' | 'error' | 'cancel';
  username: string;
  requestN?: number;
  createdAt: number;
  /** When it will be done; null while nobody knows. */
  dueAt: number | null;
  completedAt: number | null;
  resultCode: number;
  resultType: 'WinHresult' | 'CbError';
  resultDesc: string;
  fileId?: number;
  payload: Record<string, unknown>;
}

export interface Ban {
  md5: string;
  text: string;
  enabled: boolean;
  username: string;
  createdAt: number;
  blockCount: number;
  lastBlockAt: number | null;
  lastBlockHostname: string | null;
  lastBlockSensorId: number | null;
  audit: { username: string; at: number; text: string; enabled: boolean }[];
}

export interface Group {
  id: number;
  name: string;
  bansEnforced: boolean;
}

export type BinaryTable = Record<string, BinarySpec>;
