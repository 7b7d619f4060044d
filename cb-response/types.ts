/** Milliseconds since the epoch, and a sleep that a signal may end early (it then rejects with the signal's reason). */
export interface Clock {
  now(): number | Promise<number>;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How to reach one server. `token` is a secret: nothing in this room prints it. */
export interface CbResponseConfig {
  /** `https://host[:port]`; plain http only to loopback. */
  url: string;
  /** Value of the `X-Auth-Token` header. */
  token: string;
  /** The name a containment is frozen to (`CB_SERVER_NAME`); default host:port of `url`, the port always explicit. */
  serverName?: string;
  /** Limit of one call in milliseconds, 15000 by default. */
  timeoutMs?: number;
  tls?: TlsConfig;
  /** Proxy URL; null or absent: none. */
  proxy?: string | null;
  /** Honour `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (`CB_USE_SYSTEM_PROXY=1`); false by default. */
  useSystemProxy?: boolean;
}

export interface TlsConfig {
  /** Verify the certificate chain; true by default. */
  verify?: boolean;
  /** PEM file to trust, instead of the system's authorities. */
  caFile?: string;
  /** The PEM text itself; wins over `caFile`. */
  ca?: string;
  /** Compare the certificate's names with the host; true by default. */
  verifyHostname?: boolean;
}

export interface CallOptions {
  /** Aborted: the call rejects with the signal's reason, and whether it acted is unknown. */
  signal?: AbortSignal;
  /** Limit of this call in milliseconds, instead of the client's. */
  timeoutMs?: number;
}

/** GET /api/info (API reference 2). */
export interface ServerInfo {
  version: string;
  /** False: every Live Response call answers 412. Null when the server does not say. */
  cblrEnabled: boolean | null;
  /** Server-wide; the sensor group's own switch decides as well. Null when the server does not say. */
  banningEnabled: boolean | null;
  maxSearchResultRows: number | null;
}

/** GET /api/group/{id} (API reference 3.8). */
export interface SensorGroup {
  id: number;
  name: string;
  /** Null when the server does not say. */
  banningEnabled: boolean | null;
}

export type OsType = 'windows' | 'macos' | 'linux' | 'unknown';

/** A sensor, cleaned: numbers are numbers, strings trimmed, times in ms since the epoch (API reference 3.4). */
export interface Sensor {
  id: number;
  /** NetBIOS name, cut at 15 characters on Windows. */
  computerName: string;
  /** Full name where the server knows it; may equal `computerName`. */
  dnsName: string;
  groupId: number;
  osType: OsType;
  /** As displayed, e.g. `Windows 7 Professional Service Pack 1, 32-bit`. */
  os: string;
  /** The server's own word, e.g. `Online`, `Offline (Suspended)` (API reference 3.5). */
  status: string;
  /** `status` is `Online`: inside its check-in window plus five minutes, not proof of life. */
  online: boolean;
  /** `network_isolation_enabled`: what was asked for. */
  wish: boolean;
  /** `is_isolating`: what the sensor reports. */
  fact: boolean;
  supportsIsolation: boolean;
  supportsLiveResponse: boolean;
  lastCheckin: number | null;
  nextCheckin: number | null;
  /** `registration_time` as the server wrote it, trimmed: identity, not arithmetic. */
  registeredAt: string | null;
  bootId: string | null;
  buildVersion: string;
  /** First adapter that is not loopback. */
  ip: string | null;
  /** Gone from the host. An uninstall that was only ordered does not count: that sensor is still alive. */
  uninstalled: boolean;
}

/** A host name to look for, a sensor id, or both, which must then agree. */
export interface SensorTarget {
  hostname?: string;
  sensorId?: number;
}

export type SensorMatch =
  | { kind: 'one'; sensor: Sensor }
  /** `visible` false: the token sees no sensor at all, so it probably has too few rights. `nearest`: at most five. */
  | { kind: 'none'; visible: boolean; nearest: Sensor[] }
  | { kind: 'several'; candidates: Sensor[] }
  | { kind: 'disagree'; bySensorId: Sensor | null; byHostname: Sensor[] };

/** `(string & {})`: a server may know more words than we do. */
export type SessionStatus = 'pending' | 'active' | 'close' | 'timeout' | (string & {});

export interface LiveSession {
  id: number;
  sensorId: number;
  hostname: string;
  status: SessionStatus;
  /** ms since the epoch. */
  createTime: number | null;
  /** How long it may stay pending, seconds, as it was asked for by who opened it. */
  checkinTimeoutS: number | null;
  supportedCommands: string[];
}

export type CommandStatus = 'pending' | 'in progress' | 'complete' | 'error' | 'cancel' | (string & {});

export interface LiveCommand {
  id: number;
  sessionId: number;
  name: string;
  object: string | number | null;
  status: CommandStatus;
  /** Console user who posted it. */
  username: string | null;
  /** HRESULT or errno, unsigned. */
  resultCode: number | null;
  resultType: string | null;
  resultDesc: string | null;
  /** ms since the epoch, null while it runs. */
  completion: number | null;
  /** Of `get file` and the like: for `fileContent`. */
  fileId: number | null;
  /** Of `create process`: of what was started; its exit code where its end was waited for. */
  pid: number | null;
  returnCode: number | null;
  /** Of `process list`, once complete. */
  processes: LiveProcess[] | null;
}

/** A body for POST .../command; further keys go to the server as they are (API reference 4). */
export interface CommandBody {
  name: string;
  object?: string | number;
  [key: string]: unknown;
}

export interface LiveProcess {
  guid: string;
  pid: number;
  parentPid: number | null;
  parentGuid: string | null;
  path: string;
  commandLine: string;
  username: string;
  sid: string;
  /** Seconds since the epoch. */
  createTime: number;
}

/** A row of the process index (API reference 5). */
export interface ProcessRow {
  /** The 36-character GUID, without a segment. */
  guid: string;
  name: string;
  path: string;
  commandLine: string;
  /** Upper case, null when the index has none. */
  md5: string | null;
  sensorId: number;
  hostname: string;
  pid: number;
  parentGuid: string | null;
  username: string;
  /** As the server wrote it. */
  start: string | null;
  terminated: boolean | null;
}

export interface ProcessSearchResult {
  /** One row a GUID; placeholder rows are dropped. */
  rows: ProcessRow[];
  /** The server said it did not search everything, or more rows exist than were read. */
  incomplete: boolean;
}

export interface Ban {
  /** Upper case. */
  md5: string;
  text: string;
  enabled: boolean;
  username: string | null;
  /** As the server wrote it. */
  timestamp: string | null;
  /** The row as the server sent it, for a whole PUT. */
  raw: Record<string, unknown>;
}

/** GET /api/v1/binary/{md5}/summary (API reference 6). */
export interface BinarySummary {
  /** Upper case. */
  md5: string;
  signed: string | null;
  publisher: string | null;
  hostCount: number | null;
  /** When the server first had it, ms since the epoch. */
  firstSeen: number | null;
  names: string[];
  raw: Record<string, unknown>;
}

/** GET .../file/{id} (API reference 4.6). `size` and `sizeUploaded` in bytes; unequal while the sensor still sends. */
export interface LiveFile {
  id: number;
  size: number | null;
  sizeUploaded: number | null;
}
