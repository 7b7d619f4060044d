import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { WorkflowHandle } from '@temporalio/client';
import type { RequestMatch } from '../../simulator/index.js';
import { outcomeOf, type Outcome } from '../../testing/index.js';
import { waitFor } from '../../test/support/wait-for.js';
import { chaosBench, type ChaosBench } from '../../test/chaos/bench.js';
import { count, effectsOn, killedPids, openSessions, told } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { requestTo } from '../../test/chaos/points.js';

interface Case {
  name: string;
  request: (host: Host) => RequestMatch;
  when: 'before' | 'after';
  /** How many of the two instances are dead afterwards. */
  dead: number;
  sessions: number;
  /** A live match that a list has shown keeps the host isolated. */
  verdict: 'rolled-back' | 'contained-partly';
}

const { ban, isolate, open, killTheFirst, killTheSecond } = requestTo;
const back = 'rolled-back';
const cases: Case[] = [
  { name: 'ban', request: ban, when: 'after', dead: 2, sessions: 1, verdict: back },
  { name: 'isolate', request: isolate, when: 'before', dead: 0, sessions: 0, verdict: back },
  { name: 'isolate', request: isolate, when: 'after', dead: 0, sessions: 0, verdict: back },
  { name: 'open', request: open, when: 'before', dead: 0, sessions: 0, verdict: back },
  { name: 'open', request: open, when: 'after', dead: 0, sessions: 1, verdict: back },
  {
    name: 'kill one',
    request: killTheFirst,
    when: 'before',
    dead: 0,
    sessions: 1,
    verdict: 'contained-partly',
  },
  {
    name: 'kill one',
    request: killTheFirst,
    when: 'after',
    dead: 1,
    sessions: 1,
    verdict: 'contained-partly',
  },
  { name: 'kill the last', request: killTheSecond, when: 'after', dead: 2, sessions: 1, verdict: back },
];
const { hosts, scenario } = fleet(cases.length);
const hostOf = (index: number): Host => hosts[index] as Host;
const outcomes: Outcome[] = [];
let bench: ChaosBench;

/** A cancel is pending at each of the requests when the worker dies: one heartbeat time-out for all of them. */
before(async () => {
  bench = await chaosBench({ scenario });
  const worker = await bench.worker();
  const held = cases.map(({ request, when }, i) => bench.simulator.hold({ ...request(hostOf(i)), when }));
  const runs: WorkflowHandle[] = [];
  for (const [i] of cases.entries()) {
    runs.push(await bench.contain(hostOf(i)));
    if (i === 0) await held[0]?.arrived;
  }
  await Promise.all(held.map((hold) => hold.arrived));
  for (const run of runs) await run.cancel();
  for (const run of runs) await waitFor('the cancel of an activity', () => isCancelAsked(run));
  await worker.kill();
  for (const hold of held) hold.cut();
  await bench.worker();
  outcomes.push(...(await Promise.all(runs.map(outcomeOf))));
});
after(() => bench?.close());

async function isCancelAsked(run: WorkflowHandle): Promise<boolean> {
  const { events } = await run.fetchHistory();
  return events?.some((event) => event.activityTaskCancelRequestedEventAttributes) === true;
}

describe('A worker killed while its cancel is pending, at the request to', () => {
  for (const [i, { name, when, dead, sessions, verdict }] of cases.entries()) {
    it(`${name}, ${when} it acted: ${verdict}, and no session of ours is left open.`, async () => {
      const host = hostOf(i);
      const { closed, receipt } = outcomes[i] as Outcome;
      const ledger = await effectsOn(bench.simulator, host);
      const context = `${JSON.stringify(receipt, null, 1)}\n${told(ledger)}`;
      assert.deepEqual(await openSessions(bench.simulator, host), [], context);
      assert.equal(count(ledger, 'session-opened'), sessions, context);
      assert.equal(count(ledger, 'session-timeout'), 0, context);
      assert.deepEqual(killedPids(ledger), host.pids.slice(0, dead), context);

      assert.equal(receipt?.verdict, verdict, context);
      assert.equal(closed, verdict === 'rolled-back' ? 'cancelled' : 'failed');
      const sensor = (await bench.simulator.state()).sensors.find(({ id }) => id === host.sensorId);
      const isolated = verdict === 'contained-partly';
      assert.deepEqual([sensor?.wish, sensor?.fact], [isolated, isolated], context);
      const outcomesByPid = receipt.processes.map(({ pid, outcome }) => [pid, outcome === 'killed']);
      const listed = name === 'ban' || name.startsWith('kill');
      assert.deepEqual(outcomesByPid, listed ? host.pids.map((pid, n) => [pid, n < dead]) : [], context);
      if (isolated) assert.deepEqual(receipt.gaps, ['process-alive', 'not-enumerated'], context);
      const bans = (await bench.simulator.state()).bans.filter(
        ({ md5, enabled }) => enabled && md5.toUpperCase() === host.md5,
      );
      assert.deepEqual(bans, [], context);
    });
  }
});
