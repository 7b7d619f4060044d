import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultKind } from '../../simulator/index.js';
import { effectsOn } from './support/aftermath.js';
import { evil, evilMd5, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const RENAMED = 'c:\\users\\bob\\evil2.exe';
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(4, (n) => ({
    // The index knows the first one only; the other's hash is to be had from its file.
    processes: [evil(n), evil(n, { pid: 2404, path: RENAMED, indexedAfter: null })],
  })),
});

async function containByHash(n: number, fault: { kind: FaultKind; times?: number }, more = {}) {
  const planted = env().simulator.faults.add({
    method: 'POST',
    bodyIncludes: { name: 'get file', object: RENAMED },
    ...fault,
  });
  const run = await env().contain({ hostname: hostName(n), processMd5: evilMd5(n), ...more });
  const { receipt } = await run.outcome();
  assert.ok(planted.hits() > 0, 'the file was asked for');
  planted.remove();
  assert.ok(receipt);
  // Not who is alive: a ban in force stops a running copy at the next check-in.
  const killed = (await effectsOn(env(), n, ['killed'])).map((e) => e.pid);
  return { receipt, killed: killed.sort() };
}

describe('A selector by hash', () => {
  it('asks again for a hash that was not to be had for a moment, and kills what it names.', async () => {
    const { receipt, killed } = await containByHash(1, { kind: 'html-502', times: 1 });
    assert.deepEqual(killed, [2400, 2404]);
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.processes.filter((p) => p.outcome === 'killed').length, 2);
  });

  it('is never contained while a file that runs cannot be hashed: the file is named.', async () => {
    const { receipt, killed } = await containByHash(2, { kind: { status: 400, body: 'locked' } });
    assert.deepEqual(killed, [2400]);
    assert.equal(receipt.verdict, 'contained-partly');
    assert.ok(
      receipt.notes.some((note) => note.includes('1 running files') && note.includes(RENAMED)),
      receipt.notes.join('\n'),
    );
  });

  it('kills what it knows though the server fails for good on another file.', async () => {
    const { receipt } = await containByHash(3, { kind: 'html-502' }, { onFailure: 'keep' });
    assert.equal(receipt.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['not-enumerated']);
    assert.deepEqual(
      receipt.processes.map((p) => [p.pid, p.outcome]),
      [[2400, 'killed']],
    );
  });

  it('together with a name does not take a file that cannot be hashed for another program.', async () => {
    const { receipt, killed } = await containByHash(
      4,
      { kind: { status: 400, body: 'locked' } },
      { processName: 'evil2.exe' },
    );
    assert.deepEqual(killed, []);
    assert.equal(receipt.verdict, 'contained-partly');
  });
});
