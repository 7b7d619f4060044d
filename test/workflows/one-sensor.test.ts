import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ContainRequest, exitCodeOf, type Mistake } from '../../contract/index.js';
import { attemptsOf } from './support/history.js';
import { evil, host, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({
  checkinSeconds: 5,
  scenario: scenario([
    host(1, { hostname: 'TWIN', ip: '10.0.0.1' }),
    host(2, { hostname: 'TWIN', ip: '10.0.0.2' }),
    host(3, { hostname: 'WIN7PRO64' }),
    host(4, { hostname: 'WIN7PRO64-2' }),
    host(5, {
      hostname: 'OLD-PC',
      supportsIsolation: false,
      supportsLiveResponse: false,
      processes: [evil(5)],
    }),
  ]),
});

/** Runs a request that is refused: no later look could be answered otherwise, and nothing is changed, then or later. */
async function refused(request: ContainRequest) {
  const { simulator } = env();
  const asked = simulator.journal().length;
  const before = await changes();
  const run = await env().contain(request, { workflowId: `case ${JSON.stringify(request)}` });
  const outcome = await run.outcome();
  await env().sleep('30s');
  assert.deepEqual(await changes(), before, 'nothing was changed');
  const sent = simulator.journal().slice(asked);
  assert.deepEqual(new Set(sent.map((e) => e.method)), new Set(['GET']), 'nothing was asked for');
  assert.deepEqual(await attemptsOf(run.handle, 'resolve'), [1], 'one attempt');
  return outcome;
}
/** All but what hosts do by themselves. */
const changes = async () =>
  (await env().simulator.ledger()).filter((e) => e.effect !== 'indexed' && e.effect !== 'ban-enforced');

async function problemOf(request: ContainRequest, exit = 12) {
  const { closed, type, receipt } = await refused(request);
  assert.deepEqual([closed, type, receipt?.verdict], ['failed', 'not-contained', 'not-contained']);
  assert.ok(receipt);
  assert.equal(exitCodeOf(receipt), exit);
  return receipt.problems;
}

describe('A host name', () => {
  it('of several live sensors is refused, each candidate named', async () => {
    const [problem] = await problemOf({ hostname: 'twin', processName: 'evil.exe' });
    assert.equal(problem?.type, 'SeveralHosts');
    for (const part of ['sensor 1', 'sensor 2', '10.0.0.1', '10.0.0.2']) {
      assert.ok(problem.message.includes(part), `${part} in ${problem.message}`);
    }
  });

  it('of no sensor is refused with the nearest names', async () => {
    const [problem] = await problemOf({ hostname: 'win7pro', processName: 'evil.exe' });
    assert.equal(problem?.type, 'NoSuchHost');
    assert.match(problem.message, /WIN7PRO64 \(sensor 3\)/);
  });

  it('that disagrees with the sensor id is a wrong request', async () => {
    const { closed, type, details, receipt } = await refused({
      hostname: 'win7pro64',
      sensorId: 4,
      processName: 'evil.exe',
    });
    assert.deepEqual([closed, type, receipt], ['failed', 'InvalidRequest', null]);
    const mistakes = details[0] as Mistake[];
    assert.deepEqual(
      mistakes.map((m) => m.field),
      ['sensorId'],
    );
    assert.match(mistakes[0]?.problem ?? '', /disagree.*WIN7PRO64-2/);
  });

  it('that agrees with the sensor id is one host', async () => {
    const run = await env().contain({ hostname: 'WIN7PRO64', sensorId: 3, processName: 'evil.exe' });
    assert.equal((await run.outcome()).receipt?.verdict, 'contained');
  });
});

describe('A sensor id', () => {
  it('of no sensor is refused at once', async () => {
    const problems = await problemOf({ sensorId: 4711, processName: 'evil.exe' });
    assert.deepEqual(
      problems.map((p) => [p.step, p.type]),
      [['resolve', 'NoSuchHost']],
    );
    assert.match(problems[0]?.message ?? '', /No live sensor is sensor 4711\./);
  });

  it('of no sensor, beside a host name of none either, is refused at once', async () => {
    const problems = await problemOf({ hostname: 'nowhere', sensorId: 4711, processName: 'evil.exe' });
    assert.deepEqual(
      problems.map((p) => [p.step, p.type]),
      [['resolve', 'NoSuchHost']],
    );
  });

  it('of no sensor, beside the name of a host that is there, is a wrong request', async () => {
    const { closed, type, details } = await refused({
      hostname: 'win7pro64',
      sensorId: 4711,
      processName: 'evil.exe',
    });
    assert.deepEqual([closed, type], ['failed', 'InvalidRequest']);
    assert.match((details[0] as Mistake[])[0]?.problem ?? '', /sensor 4711 is nothing/);
  });
});

describe('Objections to a host', () => {
  it('come all at once, each with what would settle it', async () => {
    const problems = await problemOf({ hostname: 'old-pc', processName: 'lsass.exe' }, 16);
    assert.deepEqual(problems.map((p) => p.type).sort(), [
      'IsolationUnsupported',
      'LiveResponseUnsupported',
      'ProtectedProcess',
    ]);
    for (const { message } of problems) assert.match(message, /To settle it: /);
  });
});
