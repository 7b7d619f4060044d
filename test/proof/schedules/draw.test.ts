import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPolicy, checkRequest } from '../../../contract/index.js';
import { drawSchedule, groupOf, stageOf } from '../../../proof/schedules/draw.js';
import { FAULT_NAMES, scenarioOf } from '../../../proof/schedules/schedule.js';
import { loadScenario } from '../../../simulator/scenario-file.js';

const drawn = Array.from({ length: 300 }, (_, i) => drawSchedule(7, i + 1));

describe('The generator of fault schedules', () => {
  it('draws the same schedule for the same seed, and another for another.', () => {
    assert.deepEqual(drawSchedule(7, 12), drawn[11]);
    assert.notDeepEqual(drawSchedule(8, 12), drawn[11]);
  });

  it('draws only requests and worlds that are right in themselves.', () => {
    for (const schedule of drawn) {
      loadScenario(scenarioOf(groupOf(schedule.seed).map((n) => drawSchedule(7, n))));
      const joins = schedule.events.flatMap(({ action }) => (action.do === 'join' ? [action.request] : []));
      for (const request of [...schedule.runs.map((run) => run.request), ...joins]) {
        assert.deepEqual(checkRequest(request).ok, true, JSON.stringify(request));
        if (request.policy !== undefined) assert.equal(checkPolicy(request.policy).ok, true);
      }
    }
  });

  it('leaves out no fault, no deed and no stage.', () => {
    const faults = new Set(drawn.flatMap((s) => s.faults.map(({ name }) => name)));
    assert.deepEqual([...faults].sort(), [...FAULT_NAMES].sort());
    const deeds = new Set(drawn.flatMap((s) => s.events.map(({ action }) => action.do)));
    assert.equal(deeds.size, 23, [...deeds].join(', '));
    const crash = drawn.filter(({ stage }) => stage === 'crash');
    assert.equal(crash.length, 60);
    assert.ok(crash.every(({ seed }) => stageOf(seed) === 'crash' && groupOf(seed).includes(seed)));
  });
});
