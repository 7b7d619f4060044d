import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import protobuf from 'protobufjs/minimal.js';
import { batchesOf } from '../../proof/kill-points/batches.js';
import { complaints, type Evidence } from '../../proof/kill-points/check.js';
import { messageOf, taskOf } from '../../proof/kill-points/grpc-message.js';
import { momentsOf } from '../../proof/kill-points/history.js';
import { missedBy } from '../../proof/kill-points/missed.js';
import type { PlannedPoint } from '../../proof/kill-points/reference.js';
import { SCENARIOS } from '../../proof/kill-points/scenarios.js';
import { Steps } from '../../proof/kill-points/steps.js';
import { rowOf } from '../../proof/temporal-lost/row.js';
import type { Effect, LedgerEntry } from '../../simulator/index.js';

const [clean] = SCENARIOS;
assert.ok(clean);
const GUIDS = ['a'.repeat(36), 'b'.repeat(36)];
const entry = (effect: Effect, guid?: string): LedgerEntry => ({ at: 1, effect, ...(guid ? { guid } : {}) });

function good(): Evidence {
  const { expected } = clean as NonNullable<typeof clean>;
  return {
    closed: expected.closed,
    receipt: {
      verdict: expected.verdict,
      processes: GUIDS.map((guid) => ({ guid: `${guid}-1`, outcome: 'killed' })),
      bans: [{ outcome: 'banned', why: null }],
      undo: [],
    } as never,
    ledger: [
      entry('wish-set'),
      entry('isolated'),
      entry('session-opened'),
      ...GUIDS.map((guid) => entry('killed', guid)),
      entry('session-closed'),
      entry('banned'),
    ],
    sensor: { wish: true, fact: true, processes: [] } as never,
    ban: { md5: '', text: '', enabled: true, username: '' },
    openSessions: [],
    leaseClosed: false,
  };
}

describe('The judge of a run whose worker was killed', () => {
  const objectsTo = (seen: Evidence): void => assert.notDeepEqual(complaints(clean.expected, seen), []);
  const without = (effect: Effect): Evidence => ({
    ...good(),
    ledger: good().ledger.filter((e) => e.effect !== effect),
  });
  const withMore = (...more: LedgerEntry[]): Evidence => ({ ...good(), ledger: [...good().ledger, ...more] });

  it('finds nothing wrong with a good one', () => assert.deepEqual(complaints(clean.expected, good()), []));

  for (const effect of ['wish-set', 'isolated', 'banned', 'session-closed'] as const) {
    it(`objects to a missing ${effect}`, () => objectsTo(without(effect)));
  }
  for (const effect of [
    'wish-set',
    'isolated',
    'banned',
    'wish-cleared',
    'released',
    'unbanned',
    'kill-failed',
    'session-timeout',
    'session-opened',
    'process-started',
  ] as const) {
    it(`objects to one ${effect} too many`, () => objectsTo(withMore(entry(effect))));
  }
  it('objects to an instance that was killed twice', () => objectsTo(withMore(entry('killed', GUIDS[0]))));
  it('objects to a session left open', () => objectsTo({ ...good(), openSessions: [7] }));
  it('objects to a live match', () =>
    objectsTo({
      ...good(),
      sensor: { wish: true, fact: true, processes: [{ path: 'c:\\evil.exe' }] } as never,
    }));
  it('objects to a fact that is not', () =>
    objectsTo({ ...good(), sensor: { wish: true, fact: false, processes: [] } as never }));
  it('objects to a lifted ban', () =>
    objectsTo({ ...good(), ban: { md5: '', text: '', enabled: false, username: '' } }));
  it('objects to a lease that is gone', () => objectsTo({ ...good(), leaseClosed: true }));
  it('objects to a receipt without one of the kills', () => {
    const { receipt } = good();
    objectsTo({ ...good(), receipt: { ...receipt, processes: receipt?.processes.slice(1) } as never });
  });
  it('objects to another verdict', () =>
    objectsTo({ ...good(), receipt: { ...good().receipt, verdict: 'contained-partly' } as never }));
});

describe('The moments of a history', () => {
  const event = (id: number, kind: string, attributes: object = { is: true }) =>
    ({ eventId: id as never, [`${kind}EventAttributes`]: attributes }) as never;

  it('are its transactions: a kill comes between them', () => {
    const events = [
      event(1, 'workflowExecutionStarted'),
      event(2, 'workflowTaskScheduled'),
      event(3, 'workflowTaskStarted'),
      event(4, 'workflowTaskCompleted'),
      event(5, 'activityTaskScheduled', { activityType: { name: 'ban' } }),
      event(6, 'activityTaskStarted', { scheduledEventId: 5 }),
      event(7, 'activityTaskCompleted'),
      event(8, 'workflowTaskScheduled'),
      event(9, 'workflowTaskStarted'),
    ];
    assert.deepEqual(momentsOf(events as never), [
      'workflowExecutionStarted #1',
      'workflowTaskStarted #1',
      'workflowTaskCompleted #1',
      'activityTaskCompleted of ban #1',
      'workflowTaskStarted #2',
    ]);
  });

  it('do not have the task of an update apart: it is written when it is done', () => {
    const events = [
      event(1, 'workflowTaskStarted'),
      event(2, 'workflowTaskCompleted'),
      event(3, 'workflowTaskScheduled'),
      event(4, 'workflowTaskStarted'),
      event(5, 'workflowTaskCompleted'),
      event(6, 'workflowExecutionUpdateAccepted'),
    ];
    assert.deepEqual(momentsOf(events as never), [
      'workflowTaskStarted #1',
      'workflowTaskCompleted #1',
      'workflowTaskCompleted #2',
    ]);
  });
});

describe('A call of a worker', () => {
  const token = protobuf.Writer.create();
  token.uint32(8).int64(5).uint32(18).string('contain/kp-1001').uint32(66).string('isolate');
  const message = Buffer.from(protobuf.Writer.create().uint32(10).bytes(token.finish()).finish());

  it('tells whose task it is about', () =>
    assert.deepEqual(taskOf(message), { workflowId: 'contain/kp-1001', activityType: 'isolate' }));
  it('without a token tells nothing', () => assert.equal(taskOf(Buffer.from('nothing')), null));
  it('may be compressed', () => {
    const packed = gzipSync(message);
    const head = Buffer.from([1, 0, 0, 0, packed.length]);
    assert.deepEqual(messageOf(Buffer.concat([head, packed]), { 'grpc-encoding': 'gzip' }), message);
  });
});

describe('The steps of a run', () => {
  const point = { kind: 'http', step: 'GET /', n: 2, when: 'after' } as const;

  it('are counted by host, and only the one that was asked for is held up, once', () => {
    const steps = new Steps();
    const standing = steps.stopAt(1_001, point);
    const first = steps.begin(1_001, point);
    assert.equal(steps.arrive(1_001, first, 'after'), null);
    const second = steps.begin(1_001, point);
    assert.equal(steps.arrive(1_002, steps.begin(1_002, point), 'after'), null);
    assert.equal(steps.arrive(1_001, second, 'before'), null);
    assert.equal(steps.arrive(1_001, second, 'after'), standing);
    assert.equal(steps.arrive(1_001, second, 'after'), null);
  });

  it('lie in batches that leave slots of Live Response free, each point in one', () => {
    const points = Array.from({ length: 40 }, (_, n): PlannedPoint => ({
      point: { ...point, step: 'POST /api/v1/cblr/session', n },
      atMs: n,
      anonymous: n % 10 === 0,
    }));
    const batches = batchesOf(points, 7);
    assert.equal(new Set(batches.flatMap((b) => b.points)).size, points.length);
    assert.ok(batches.every((b) => b.points.length <= 7));
    assert.ok(batches.every((b) => b.points.every((p) => p.anonymous === b.inTurn)));
    assert.deepEqual(batchesOf(points, 7), batches);
  });
});

describe('A kill counts as one at its point', () => {
  const at = { arrivedAt: 1_000, killedAt: 4_000, endedAt: 9_000 };
  it('where the run stood there when its worker died, whether it ended later or never', () => {
    assert.equal(missedBy(at), null);
    assert.equal(missedBy({ ...at, endedAt: null }), null);
  });

  it('and not where it never came, had ended before, or had stood until Temporal gave its task up', () => {
    assert.equal(missedBy({ ...at, arrivedAt: null }), 'not there');
    assert.equal(missedBy({ ...at, endedAt: 4_000 }), 'ended before');
    assert.equal(missedBy({ ...at, killedAt: 10_000, endedAt: null }), 'stood too long');
  });
});

describe('The line of the table for a blow', () => {
  const ended = { wrong: [], endedAfterMs: 2_000, verdict: 'contained', undisturbed: 'contained' };
  const attack = { attack: 'a', promise: 'p' } as Parameters<typeof rowOf>[0];
  const row = (...more: object[]) => rowOf(attack, [ended, ...more] as Parameters<typeof rowOf>[1]);

  it('tells how many verdicts were worse, and which', () => {
    const { tried, held, measured } = row({ ...ended, verdict: 'contained-partly (process-alive)' });
    assert.deepEqual([tried, held], [2, 2]);
    assert.match(measured, /^1 ended as without the blow; 1 worse \(contained-partly 1\)/);
  });

  it('does not count a run that had ended before, but where something is wrong with it', () => {
    const spared = { ...ended, spared: true };
    const { tried, held, measured } = row(spared, { ...spared, wrong: ['a session is open'] });
    assert.deepEqual([tried, held], [2, 1]);
    assert.match(measured, /1 more had ended before the blow and are not counted/);
  });
});
