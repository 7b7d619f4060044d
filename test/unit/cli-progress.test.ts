import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plainProgress } from '../../cli/progress/plain.js';
import { accountOf, endOf } from '../../cli/progress/stage-end.js';
import { detailOf, STAGE_OF, STAGES } from '../../cli/progress/stages.js';
import { type ContainmentStatus, type Step, STEPS } from '../../contract/index.js';
import { aReceipt } from '../end-to-end/a-receipt.js';

const status = (step: Step, more: Partial<ContainmentStatus> = {}): ContainmentStatus =>
  ({
    step,
    summary: `win7pro64: ${step}.`,
    waitingFor: [],
    approval: null,
    processes: { total: 0, dead: 0, alive: 0 },
    ...more,
  }) as ContainmentStatus;

describe('plain progress', () => {
  it('is one line for each change of step, with the time, and a last one with the verdict', async () => {
    const lines: string[] = [];
    const progress = plainProgress(
      (line) => lines.push(line),
      () => new Date('2026-11-24T13:43:44.120Z'),
    );
    for (const step of ['resolve', 'isolate', 'isolate', 'enumerate-and-kill'] as const)
      progress.show(status(step));
    await progress.close(aReceipt());
    assert.deepEqual(lines, [
      '13:43:44  Find the sensor, check what can be done: win7pro64: resolve.',
      '13:43:44  Isolate the host: win7pro64: isolate.',
      '13:43:44  Enumerate and kill: win7pro64: enumerate-and-kill.',
      '13:43:44  Ended: contained',
    ]);
  });
});

describe('the stages a person follows', () => {
  it('go forward with every step of a run', () => {
    const order = STEPS.map((step) => STAGES.indexOf(STAGE_OF[step]));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(order.every((index) => index >= 0));
  });

  it('tell what is waited for, and how long at most', () => {
    const waiting = status('enumerate-and-kill', {
      waitingFor: [{ what: 'the next check-in', deadline: '2026-11-24T13:45:00.000Z' }],
      processes: { total: 2, dead: 1, alive: 1 },
    });
    assert.equal(
      detailOf(waiting, Date.parse('2026-11-24T13:43:30.000Z')),
      'waiting for the next check-in, at most 1m 30s more (1 of 2 dead)',
    );
  });
});

describe('how a stage ended', () => {
  const account = accountOf(aReceipt());

  it('is told from the receipt, also where the run was too fast to be seen in it', () => {
    assert.deepEqual(endOf('kill', account, false), { mark: 'done', text: '2 of 2 dead' });
    assert.deepEqual(endOf('ban', account, false), { mark: 'done', text: '1 of 1 banned' });
    assert.deepEqual(endOf('confirm', account, false), { mark: 'done', text: 'isolated' });
    assert.deepEqual(endOf('undo', account, false), { mark: 'skipped', text: 'not needed' });
  });

  it('is a failure where a match lives, a ban was refused, or the stage has a problem', () => {
    const bad = {
      ...account,
      processes: { total: 2, dead: 1, alive: 1 },
      bans: [{ outcome: 'refused' as const }],
      problems: [{ step: 'resolve' }],
    };
    assert.equal(endOf('kill', bad, true).mark, 'failed');
    assert.equal(endOf('ban', bad, true).mark, 'failed');
    assert.equal(endOf('find', bad, true).mark, 'failed');
    const pending = { ...account, isolation: { outcome: 'pending' as const } };
    assert.deepEqual(endOf('confirm', pending, true), { mark: 'failed', text: 'pending' });
  });
});
