import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ContainmentStatus, Receipt } from '../../contract/index.js';
import { STAGE_TITLES, STAGES } from '../../cli/progress/stages.js';
import { cli, type CliError, documentOf, startCli } from './cli.js';
import { type House, startProcesses } from './house.js';
import { noTerminal, onATerminal } from './terminal.js';

const REQUEST = ['--hostname', 'win7pro64', '--process-name', 'vnc.exe'];

describe('cb-playbook against a real Temporal, a worker process and a simulated server', () => {
  let house: House;
  before(async () => (house = await startProcesses()));
  after(() => house.stop());

  it('contains the host: exit 0, one JSON document, the receipt of the house', async () => {
    const ran = await cli(
      ['contain', ...REQUEST, '--case', 'INC-991', '--reason', 'alert', '--json'],
      house.env,
    );
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    const receipt = documentOf<Receipt>(ran);
    assert.equal(receipt.schema, 'cb-response-playbook/receipt/v1');
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(receipt.gaps, []);
    assert.equal(receipt.workflowId, 'contain/win7pro64');
    assert.equal(receipt.target?.sensorId, 1);
    assert.equal(receipt.case, 'INC-991');
    assert.equal(receipt.isolation.outcome, 'isolated');
    assert.equal(receipt.isolation.leaseId, 'isolation/1');
    assert.deepEqual(
      receipt.processes.map((p) => p.outcome),
      ['killed', 'killed'],
    );
    assert.deepEqual(
      receipt.bans.map((b) => b.outcome),
      ['banned'],
    );
    assert.ok(receipt.requestedBy[0]?.who);
    assert.equal(receipt.hostState.fact, true);
    assert.equal(receipt.hostState.liveMatches, 0);
  });

  it('tells progress on stderr, a line for each step', async () => {
    const ran = await cli(['contain', ...REQUEST, '--json'], house.env);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, /^Started contain\/win7pro64\./m);
    assert.match(ran.stderr, /^\d\d:\d\d:\d\d {2}\S/m);
  });

  it('draws a moving list on a terminal, and then the receipt for people', { skip: noTerminal }, async () => {
    const { code, drawn, moves } = await onATerminal(['contain', ...REQUEST], house.env);
    assert.equal(code, 0, drawn);
    assert.ok(moves > 10, `${moves} moves:\n${drawn}`);
    for (const stage of STAGES) assert.ok(drawn.includes(STAGE_TITLES[stage]), `${stage}:\n${drawn}`);
    assert.match(drawn, /✔ /);
    assert.match(drawn, /CONTAINED {2}WIN7PRO64 \(sensor 1/);
  });

  it('did each thing to that host alone, and closed its session', async () => {
    const ledger = await house.ledger();
    const isolated = ledger.filter((e) => e.effect === 'isolated').map((e) => e.sensorId);
    assert.deepEqual(isolated, [1]);
    const killed = ledger.filter((e) => e.effect === 'killed');
    assert.equal(killed.length, 2);
    assert.ok(killed.every((e) => e.sensorId === 1 && /vnc\.exe$/.test(e.path ?? '')));
    const count = (effect: string): number => ledger.filter((e) => e.effect === effect).length;
    assert.equal(count('banned'), 1);
    assert.equal(count('session-closed'), count('session-opened'));
  });

  it('shows the receipt of the closed run again, for programs and for people', async () => {
    const [json, text] = await Promise.all([
      cli(['receipt', 'WIN7PRO64', '--json'], house.env),
      cli(['receipt', 'contain/win7pro64'], house.env),
    ]);
    assert.equal(json.code, 0, json.stdout);
    assert.equal(documentOf<Receipt>(json).verdict, 'contained');
    assert.equal(text.code, 0, text.stderr);
    assert.match(text.stdout, /^CONTAINED {2}WIN7PRO64 \(sensor 1/);
  });

  it('shows the status of the closed run', async () => {
    const ran = await cli(['status', 'win7pro64', '--json'], house.env);
    assert.equal(ran.code, 0, ran.stdout);
    const status = documentOf<ContainmentStatus>(ran);
    assert.equal(status.step, 'closed');
    assert.equal(status.verdict, 'contained');
  });

  it('has no run of another host: exit 4', async () => {
    const [status, cancel] = await Promise.all([
      cli(['status', 'nohost', '--json'], house.env),
      cli(['cancel', 'nohost', '--json'], house.env),
    ]);
    assert.deepEqual([status.code, cancel.code], [4, 4]);
    assert.equal(documentOf<CliError>(status).error.code, 'NoSuchRun');
  });

  it('cannot cancel what has closed: exit 4, and says how to see what it did', async () => {
    const ran = await cli(['cancel', 'win7pro64', '--json'], house.env);
    assert.equal(ran.code, 4);
    assert.match(documentOf<CliError>(ran).error.next ?? '', /receipt contain\/win7pro64/);
  });

  it('finds no such host: exit 12, nothing changed', async () => {
    const ran = await cli(
      ['contain', '--hostname', 'nosuch', '--process-name', 'a.exe', '--json'],
      house.env,
    );
    assert.equal(ran.code, 12, ran.stdout);
    const receipt = documentOf<Receipt>(ran);
    assert.equal(receipt.verdict, 'not-contained');
    assert.equal(receipt.problems[0]?.type, 'NoSuchHost');
  });

  it('refuses a host and a sensor id that disagree: bad input, exit 2', async () => {
    const ran = await cli(
      ['contain', '--hostname', 'win7pro64', '--sensor-id', '2', '--process-name', 'vnc.exe', '--json'],
      house.env,
    );
    assert.equal(ran.code, 2, ran.stdout);
    const { error } = documentOf<CliError>(ran);
    assert.equal(error.code, 'InvalidRequest');
    assert.match(error.message, /sensor 2 is WIN7PRO64-2/);
  });

  it('refuses to kill what an operating system dies without: exit 16', async () => {
    const ran = await cli(
      ['contain', '--hostname', 'win7pro64', '--process-name', 'lsass.exe', '--json'],
      house.env,
    );
    assert.equal(ran.code, 16, ran.stdout);
  });

  it('says partly and exits 10 where nothing matched', async () => {
    const ran = await cli(
      ['contain', '--hostname', 'win7pro64', '--process-name', 'vncc.exe', '--json'],
      house.env,
    );
    assert.equal(ran.code, 10, ran.stdout);
    assert.deepEqual(documentOf<Receipt>(ran).gaps, ['nothing-matched']);
  });

  it('names another sensor than the running containment: DifferentRequest, exit 2', async () => {
    // The first one is kept busy, however slow this machine is: a join needs a run to join.
    await house.fault({ route: '/api/v1/cblr/session', method: 'POST', times: 1, kind: { delayMs: 8_000 } });
    const first = startCli(
      ['contain', '--hostname', 'win7pro64', '--process-name', 'stikynot.exe', '--ban-scope', 'none'],
      house.env,
    );
    await first.line('stderr', /^Started/);
    const ran = await cli(
      ['contain', '--hostname', 'win7pro64', '--sensor-id', '2', '--process-name', 'x.exe', '--json'],
      house.env,
    );
    assert.equal(ran.code, 2, ran.stdout);
    assert.equal(documentOf<CliError>(ran).error.code, 'DifferentRequest');
    assert.equal((await first.exited).code, 0);
  });
});
