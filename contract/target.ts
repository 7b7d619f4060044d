/** ISO 8601 in UTC, e.g. `2026-11-24T13:43:44.120Z`. */
export type IsoTime = string;

/** The sensor a run works on, frozen when it was resolved. */
export interface Target {
  /** Host and port of the Cb server's URL, or `CB_SERVER_NAME`. */
  server: string;
  sensorId: number;
  hostname: string;
  dnsName: string | null;
  ip: string | null;
  groupId: number;
  os: string;
  osType: 'windows' | 'macos' | 'linux' | 'unknown';
  lastCheckin: IsoTime | null;
  /** The server's own text for when this sensor registered: a reinstalled sensor has another. */
  registration: string | null;
}

/** What every activity on a frozen target checks first: another server or another registration is a final failure. */
export type FrozenTarget = Pick<
  Target,
  'server' | 'sensorId' | 'hostname' | 'registration' | 'groupId' | 'osType'
>;
