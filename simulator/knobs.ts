/**
 * Everything about the server that is settable. What the API reference could not establish (its table 16) is
 * a knob named here with the suggested default and each alternative; the rest are amounts.
 */
export type Profile = '5.2' | '6.2' | '7.5';

/** Rights of the token's user (API reference 10). Without `view` every list is empty. */
export interface Rights {
  view: boolean;
  isolate: boolean;
  ban: boolean;
  liveResponse: boolean;
}

export interface Knobs {
  /** 1. The limit of concurrent Live Response sessions is reached: status of the refusal, with plain text. */
  sessionLimitReply: '409' | '404' | '500' | '503';
  /** 2. A second session for a sensor: refused with 404 and text, or simply a new one. */
  secondSession: '404' | 'new-session';
  /** 3. The sensor list when nothing matches. */
  noSensorMatch: 'empty-list' | '204' | '500';
  /** 4. Case of the substring filter `hostname`. */
  hostnameFilterCase: 'sensitive' | 'insensitive';
  /** 5. The unpaged sensor list beyond its limit (7.x). */
  unpagedLimitReply: '400' | '500';
  /** 6. PUT of a sensor with a key outside the allow-list (>= 7.1). */
  unknownSensorKey: '400' | '500';
  /** 7. POST of a ban that exists: enabled / disabled. */
  banPost: '409-enabled-200-disabled' | '200-enabled-409-disabled';
  /** 8. GET of an unknown ban. */
  unknownBanGet: '404' | '409';
  /** 9. DELETE of an unknown ban, always with text. */
  unknownBanDelete: '409' | '200';
  /** 10. Ban of something that is no MD5. */
  badMd5: '400' | 'accept';
  /** 11. An action without the right to it; lists are then empty, or refused too. */
  missingRight: '405' | '403';
  /** 12. result_code of killing a pid that is gone (Windows). */
  killDeadPid: '2147942487';
  /** 13. result_code of killing a protected process (Windows). */
  killProtectedPid: '2147942405';
  /** 14. Keepalive on a session that is still pending. */
  keepaliveOnPending: 'closes' | 'ignored';
  /** 15. Status in the answer to a closing PUT. */
  closeReply: 'old-status' | 'close';
  /** 16. `wait=true` beyond the time limit of the proxy. */
  waitLimitReply: '504' | 'pending';
  /** 17. Check-ins: on the grid, off it by up to 10 %, absent for ten intervals, or over for good after the first command. */
  checkins: 'punctual' | 'jitter' | 'offline' | 'vanish';
  /** 18. Delay until a process can be searched. */
  indexLag: '60s' | '15min';
  /** 19. 502, 504, broken connections and slow answers at random, from `seed`. */
  randomFaults: 'off' | 'seeded';
  /** 20. The first answer to each distinct POST of a command or ban is lost after it took effect. */
  lostReply: 'off' | 'on';
  /** 21. Every tenth request is answered 429 with Retry-After: 1. */
  rateLimit: 'never' | 'some';

  /** When a check-in reports isolation: the one that picked the wish up, or the one after. */
  factReporting: 'same-checkin' | 'next-checkin';
  /** Which silence ends an active session: `session_timeout` (300 s) or `sensor_wait_timeout` (120 s). */
  idleLimit: 'session-timeout' | 'sensor-wait-timeout';
  /** GET of a session that was closed (API reference 4.2: unreliable). */
  closedSessionRead: 'close' | 'old-status' | 'not-found';
  /** GET of a session that timed out. */
  timedOutSessionRead: 'timeout' | 'not-found';
  /** Type of `sensor_id` in sessions (a string on 5.1.0). */
  sessionSensorId: 'number' | 'string';
  /** Body of a Live Response 404. */
  notFoundBody: 'text' | 'json';
  /** Case in which a ban's md5 comes back. */
  banCase: 'as-given' | 'lower' | 'upper';
  /** Live Response switched on in cb.conf; off answers 412. */
  liveResponseEnabled: boolean;
  banningEnabled: boolean;
  rights: Rights;
  /** Name of the console user the token belongs to. */
  username: string;
  maxSessions: number;
  /** ms on the clock from a command's start to its completion. */
  commandLatencyMs: number;
  /** The same of a `memdump`. */
  memdumpMs: number;
  /** ms after which the proxy answers 504. */
  proxyLimitMs: number;
  /** ms; overrides `indexLag` when given. */
  indexLagMs: number | null;
  maxSearchResultRows: number;
  unpagedSensorLimit: number;
  banListLimit: number;
  /** Offset of the server's local time in minutes, e.g. -360. */
  serverUtcOffsetMinutes: number;
  /** ms from a reboot to the sensor's return. */
  rebootMs: number;
  /** Default of `check_in_timeout`, seconds. */
  checkInTimeoutS: number;
  sessionTimeoutS: number;
  sensorWaitTimeoutS: number;
  /** Segments (search rows) of a process that does not say otherwise. */
  segmentsPerProcess: number;
  /** Seed of `randomFaults`. */
  seed: number;
}

export const defaultKnobs: Knobs = {
  sessionLimitReply: '409',
  secondSession: '404',
  noSensorMatch: 'empty-list',
  hostnameFilterCase: 'sensitive',
  unpagedLimitReply: '400',
  unknownSensorKey: '400',
  banPost: '409-enabled-200-disabled',
  unknownBanGet: '404',
  unknownBanDelete: '409',
  badMd5: '400',
  missingRight: '405',
  killDeadPid: '2147942487',
  killProtectedPid: '2147942405',
  keepaliveOnPending: 'closes',
  closeReply: 'old-status',
  waitLimitReply: '504',
  checkins: 'punctual',
  indexLag: '60s',
  randomFaults: 'off',
  lostReply: 'off',
  rateLimit: 'never',
  factReporting: 'same-checkin',
  idleLimit: 'session-timeout',
  closedSessionRead: 'close',
  timedOutSessionRead: 'timeout',
  sessionSensorId: 'number',
  notFoundBody: 'text',
  banCase: 'as-given',
  liveResponseEnabled: true,
  banningEnabled: true,
  rights: { view: true, isolate: true, ban: true, liveResponse: true },
  username: 'playbook',
  maxSessions: 10,
  commandLatencyMs: 80,
  memdumpMs: 20_000,
  proxyLimitMs: 60_000,
  indexLagMs: null,
  maxSearchResultRows: 1000,
  unpagedSensorLimit: 1000,
  banListLimit: 500,
  serverUtcOffsetMinutes: -360,
  rebootMs: 60_000,
  checkInTimeoutS: 1200,
  sessionTimeoutS: 300,
  sensorWaitTimeoutS: 120,
  segmentsPerProcess: 2,
  seed: 1,
};

export function indexLagMs(knobs: Knobs): number {
  return knobs.indexLagMs ?? (knobs.indexLag === '15min' ? 900_000 : 60_000);
}
