import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mistake } from '../../contract/index.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({ scenario: 'evil-sticky-notes' });

const BAD: [string, unknown, string[]][] = [
  ['with an unknown key', { hostname: 'win7pro64', processname: 'vnc.exe' }, ['processname']],
  ['without a host', { processName: 'vnc.exe' }, ['']],
  ['with a wildcard for a host', { hostname: 'win7*', processName: 'vnc.exe' }, ['hostname']],
  ['with a wildcard for a process', { hostname: 'win7pro64', processName: '*.exe' }, ['processName']],
  ['without a selector', { hostname: 'win7pro64' }, ['']],
  ['with a hash that is none', { hostname: 'win7pro64', processMd5: 'abc' }, ['processMd5']],
  ['with null', null, ['']],
  ['with a list', [], ['']],
  ['with a text', 'win7pro64', ['']],
  [
    'with several mistakes, and names them all',
    { hostname: '', sensorId: -1, onFailure: 'panic', lease: 'soon', bogus: 1, processName: 'vnc.exe' },
    ['bogus', 'hostname', 'lease', 'onFailure', 'sensorId'],
  ],
];

describe('A start', () => {
  for (const [i, [how, input, fields]] of BAD.entries()) {
    it(`${how} fails at once as InvalidRequest`, async () => {
      const run = await env().contain(input as never, { workflowId: `bad-${i}` });
      const { closed, type, details, receipt } = await run.outcome();
      assert.deepEqual([closed, type, receipt], ['failed', 'InvalidRequest', null]);
      const mistakes = details[0] as Mistake[];
      assert.deepEqual(mistakes.map((m) => m.field).sort(), fields);
      for (const { problem, expected } of mistakes) assert.ok(problem !== '' && expected !== '');
    });
  }

  it('that is bad asks the server for nothing', async () => {
    assert.deepEqual(env().simulator.journal(), []);
    assert.deepEqual(
      (await env().simulator.ledger()).filter((e) => e.by === 'playbook'),
      [],
    );
  });
});
