import { defaultKnobs, type Knobs } from './knobs.js';

import { asText } from './values.js';

export interface OpenQuestion {
  /** Number in table 16 of the API reference. */
  id: number;
  /** The knob that decides it. */
  name: keyof Knobs;
  default: string;
  alternatives: string[];
}

function question<K extends keyof Knobs>(
  id: number,
  name: K,
  ...alternatives: (Knobs[K] & string)[]
): OpenQuestion {
  return { id, name, default: asText(defaultKnobs[name]), alternatives };
}

/** Each open question of the API reference, with the alternatives a client must survive as well. */
export const TABLE_16: OpenQuestion[] = [
  question(1, 'sessionLimitReply', '404', '500', '503'),
  question(2, 'secondSession', 'new-session'),
  question(3, 'noSensorMatch', '204', '500'),
  question(4, 'hostnameFilterCase', 'insensitive'),
  question(5, 'unpagedLimitReply', '500'),
  question(6, 'unknownSensorKey', '500'),
  question(7, 'banPost', '200-enabled-409-disabled'),
  question(8, 'unknownBanGet', '409'),
  question(9, 'unknownBanDelete', '200'),
  question(10, 'badMd5', 'accept'),
  question(11, 'missingRight', '403'),
  question(12, 'killDeadPid'),
  question(13, 'killProtectedPid'),
  question(14, 'keepaliveOnPending', 'ignored'),
  question(15, 'closeReply', 'close'),
  question(16, 'waitLimitReply', 'pending'),
  question(17, 'checkins', 'jitter', 'offline', 'vanish'),
  question(18, 'indexLag', '15min'),
  question(19, 'randomFaults', 'seeded'),
  question(20, 'lostReply', 'on'),
  question(21, 'rateLimit', 'some'),
];
