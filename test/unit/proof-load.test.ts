import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Receipt } from '../../contract/index.js';
import { fleetOf } from '../../proof/load/fleet.js';
import { limitsOf } from '../../proof/load/limits.js';
import { whyWrong } from '../../proof/load/ours.js';
import { doneTimes, sessionUse } from '../../proof/load/sessions.js';
import { bareInput } from '../../proof/throughput/shape.js';
import { growthKB } from '../../proof/throughput/sums.js';
import type { Effect, LedgerEntry } from '../../simulator/index.js';

const entry = (at: number, effect: Effect, sensorId: number): LedgerEntry => ({
  ...{ at, effect, sensorId },
  ...(effect.startsWith('session') ? { sessionId: sensorId } : {}),
});

/** One host, contained as it should be. */
const clean = (id: number, from: number): LedgerEntry[] => [
  entry(from, 'wish-set', id),
  entry(from + 10, 'session-opened', id),
  entry(from + 500, 'isolated', id),
  entry(from + 510, 'session-active', id),
  entry(from + 600, 'killed', id),
  entry(from + 700, 'killed', id),
  entry(from + 2_000, 'session-closed', id),
];
const contained = { status: 'fulfilled', value: { verdict: 'contained', summary: '' } as Receipt } as const;

describe('What the load is judged by', () => {
  it('counts sessions at once, those left open and those that the server gave up', () => {
    const three = [...clean(1, 0), ...clean(2, 100), ...clean(3, 5_000)].sort((a, b) => a.at - b.at);
    assert.deepEqual(sessionUse(three), {
      ...{ opened: 3, closed: 3, timedOut: 0, leftOpen: 0, mostAtOnce: 2, pendingS: 0.5, activeS: 1.49 },
    });
    const leaked = three.filter((e) => !(e.effect === 'session-closed' && e.sensorId === 2));
    assert.equal(sessionUse(leaked).leftOpen, 1);
    assert.equal(sessionUse(leaked).mostAtOnce, 2);
    assert.equal(sessionUse([...leaked, entry(9_000, 'session-timeout', 2)]).timedOut, 1);
  });

  it('takes a host for done at its second kill', () => {
    const half = clean(2, 100).filter(({ at }) => at !== 800);
    assert.deepEqual(doneTimes([...clean(1, 0), ...half], 0), [0.7]);
  });

  it('objects to a run that is not contained, and to an effect too many or too few', () => {
    const ledger = clean(1, 0);
    assert.equal(whyWrong(contained, ledger), null);
    assert.match(whyWrong({ status: 'rejected', reason: new Error('gone') }, ledger) ?? '', /gone/);
    const partly = { ...contained.value, verdict: 'contained-partly' } as Receipt;
    assert.match(whyWrong({ status: 'fulfilled', value: partly }, ledger) ?? '', /partly/);
    assert.match(whyWrong(contained, [...ledger, entry(900, 'killed', 1)]) ?? '', /killed 3 times/);
    assert.match(whyWrong(contained, ledger.slice(1)) ?? '', /wish-set 0 times/);
  });

  it('spreads the fleet evenly over the interval, in an order of the seed', () => {
    const phases = fleetOf(50, 7).map((host) => host.checkinPhase);
    assert.deepEqual(
      phases,
      fleetOf(50, 7).map((host) => host.checkinPhase),
    );
    assert.notDeepEqual(
      phases,
      fleetOf(50, 8).map((host) => host.checkinPhase),
    );
    assert.deepEqual(
      [...phases].sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, i) => i / 50),
    );
  });

  it('knows the limits of a fleet on so many slots', () => {
    assert.deepEqual(limitsOf(500, 10, 5), { slots: 10, waves: 50, wholeWaitsS: 250, meanWaitsS: 137 });
    assert.equal(limitsOf(500, 8, 5).waves, 63);
  });
});

describe('What throughput is judged by', () => {
  it('makes the bare workflow leave as many events as the other', () => {
    const { activities, upserts } = bareInput({ events: 175, activities: 20, bytes: 52_000 });
    assert.equal(6 * activities + 5 + upserts, 175);
  });

  it('tells what more lives after more runs, a run', () => {
    const look = (runs: number, mb: number) => ({ runs, bytes: mb * 1e6 });
    assert.equal(growthKB([look(500, 80), look(750, 95), look(1_000, 80)]), 0);
    assert.equal(growthKB([look(500, 80), look(750, 85), look(1_000, 90)]), 20);
    assert.equal(growthKB([look(500, 80)]), 0);
  });
});
