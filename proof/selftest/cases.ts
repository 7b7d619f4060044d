import { defaultKnobs, type Knobs, type Scenario, TABLE_16 } from '../../simulator/index.js';
import type { PlaybookTestEnvironment } from '../../testing/index.js';
import { labHost } from '../../test/selftest/support/lab.js';

type System = 'windows' | 'macos' | 'linux';
const SYSTEMS: System[] = ['windows', 'macos', 'linux'];

/** A self-test of one host, on a server that answers an open question in one way. */
export interface Case {
  name: string;
  sensorId: number;
  os: System;
  knobs: Partial<Knobs>;
  /** What happens before it begins, and after it. */
  before?: (env: PlaybookTestEnvironment, sensorId: number) => Promise<unknown>;
  after?: (env: PlaybookTestEnvironment, sensorId: number) => Promise<unknown>;
  /** Exit codes that are honest there. */
  exits: readonly number[];
}

interface SetUp extends Partial<Pick<Case, 'before' | 'after' | 'exits'>> {
  knobs?: Partial<Knobs>;
}

/** What it takes for an answer to matter to a self-test, and how it then may end. */
const SET_UPS: Partial<Record<keyof Knobs, Record<string, SetUp>>> = {
  // An analyst has the only session of the server: the self-test waits for it until its time-out.
  sessionLimitReply: everyAnswer(
    {
      knobs: { maxSessions: 1 },
      before: (env) => env.simulator.act.openSessionAs(ANALYSTS, 'analyst'),
    },
    ['409', '404', '500', '503'],
  ),
  missingRight: everyAnswer({ knobs: { rights: { ...defaultKnobs.rights, ban: false } }, exits: [1] }, [
    '405',
    '403',
  ]),
  waitLimitReply: everyAnswer({ knobs: { proxyLimitMs: 1_000, commandLatencyMs: 2_500 } }, [
    '504',
    'pending',
  ]),
  checkins: {
    // Away for ten intervals: the server calls it online for five minutes yet.
    offline: {
      before: (env, id) => env.simulator.act.goOffline(id),
      after: (env, id) => env.simulator.act.comeOnline(id),
      exits: [1, 12],
    },
    // Over for good after the first command: what was made by then is on a dead host.
    vanish: { after: (env, id) => env.simulator.act.comeOnline(id), exits: [1, 14] },
  },
};

/** Shifts the systems from one profile to the next, so that all three meet every answer. */
export function casesOf(shift: number): Case[] {
  const plain = SYSTEMS.map((os) => ({ name: `default/${os}`, os, knobs: {}, exits: [0] }));
  const open = TABLE_16.flatMap(({ id, name, default: normal, alternatives }) => {
    const setUps = SET_UPS[name] ?? {};
    const answers = [...(setUps[normal] === undefined ? [] : [normal]), ...alternatives];
    return answers.map((answer) => {
      const { knobs, exits = [0], ...more } = setUps[answer] ?? {};
      return { name: `${id}-${name}/${answer}`, knobs: { ...knobs, [name]: answer }, exits, ...more };
    });
  });
  const others = OTHERS.map((knobs) => {
    const [[name, answer] = ['', '']] = Object.entries(knobs);
    return { name: `${name}/${answer as string}`, knobs, exits: [0] };
  });
  return [
    ...plain,
    ...[...open, ...others].map((c, i) => ({ ...c, os: SYSTEMS[(i + shift) % SYSTEMS.length]! })),
  ].map((c, i) => ({
    ...c,
    sensorId: i + 1,
  }));
}

/** A host a case, and one that an analyst is on. */
export function scenarioOf(cases: readonly Case[]): Scenario {
  return {
    name: 'lab',
    sensors: [...cases.map(({ sensorId, os }) => labHost(sensorId, { os })), labHost(ANALYSTS)],
  };
}

/** Answers outside the table that a client must bear as well. */
const OTHERS: Partial<Knobs>[] = [
  { closedSessionRead: 'old-status' },
  { closedSessionRead: 'not-found' },
  { sessionSensorId: 'string' },
  { notFoundBody: 'json' },
  { banCase: 'lower' },
  { factReporting: 'next-checkin' },
  { idleLimit: 'sensor-wait-timeout' },
];

const ANALYSTS = 900;

function everyAnswer(setUp: SetUp, answers: string[]): Record<string, SetUp> {
  return Object.fromEntries(answers.map((answer) => [answer, setUp]));
}
