import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVIL_PATH, evil, evilMd5, host, hostName, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const NEVER = { indexedAfter: null };
const env = withEnvironment({
  scenario: scenario([
    host(1, { processes: [evil(1, NEVER)] }),
    // Started so lately that the index comes after the kill.
    host(2, { processes: [evil(2, { startedAgo: 10, indexedAfter: 200 })] }),
    host(3, { processes: [evil(3, NEVER)] }),
    host(4, { processes: [evil(4, NEVER), evil(4, { pid: 2408, endedAgo: 600, startedAgo: 4000 })] }),
    host(5, { processes: [evil(5, NEVER)] }),
    host(6, { processes: [evil(6, NEVER)] }),
  ]),
});

const contain = async (n: number) => {
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe' });
  const { receipt } = await run.outcome();
  assert.ok(receipt);
  return receipt;
};
/** The file on disk cannot be had: every `get file` is refused by the server. */
const withoutDisk = async <T>(work: () => Promise<T>): Promise<T> => {
  const fault = env().simulator.faults.add({
    method: 'POST',
    bodyIncludes: { name: 'get file' },
    kind: { status: 400, body: 'not now' },
  });
  try {
    return await work();
  } finally {
    assert.ok(fault.hits() > 0, 'the disk was asked');
    fault.remove();
  }
};

describe('The hash of a killed process', () => {
  it('comes from the file on disk where the index lags, and the copy on the server is deleted', async () => {
    const receipt = await contain(1);
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(
      receipt.processes.map((p) => [p.md5, p.hashSource]),
      [[evilMd5(1), 'disk']],
    );
    assert.deepEqual(
      receipt.bans.map((b) => [b.md5, b.outcome]),
      [[evilMd5(1), 'banned']],
    );
    const journal = env().simulator.journal();
    assert.ok(journal.some((e) => e.method === 'GET' && /\/file\/\d+\/content$/.test(e.path)));
    assert.ok(journal.some((e) => e.method === 'DELETE' && /\/file\/\d+$/.test(e.path)));
  });

  // Found by `npm run proof -- --part schedules` (1393): the MD5 of the garbled answer was banned, and called that of the file.
  it('is read again where the server answers with something else than the file', async () => {
    const content = { method: 'GET', route: /\/file\/\d+\/content$/ };
    const { faults } = env().simulator;
    const planted = [
      faults.add({ ...content, kind: 'malformed', times: 1 }),
      faults.add({ ...content, kind: { status: 200, body: '<html>Sign in</html>' }, times: 1 }),
    ];
    const receipt = await contain(6);
    assert.deepEqual(
      planted.map((fault) => fault.hits()),
      [1, 1],
    );
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(
      receipt.bans.map((b) => [b.md5, b.outcome]),
      [[evilMd5(6), 'banned']],
    );
  });

  it('is waited for durably where the disk cannot be had either', async () => {
    const receipt = await withoutDisk(() => contain(2));
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(
      receipt.processes.map((p) => [p.md5, p.hashSource]),
      [[evilMd5(2), 'index']],
    );
  });

  it('that never comes is a gap: contained only partly, the host stays isolated, the deadline is told', async () => {
    const receipt = await withoutDisk(() => contain(3));
    assert.equal(receipt.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['hash-unknown']);
    assert.equal(receipt.processes[0]?.outcome, 'killed');
    assert.equal(receipt.processes[0]?.md5, null);
    assert.deepEqual(receipt.bans, []);
    assert.deepEqual(receipt.undo, []);
    assert.equal(receipt.hostState.fact, true);
    assert.ok(receipt.deadlinesPassed.some((d) => d.waitingFor.includes(EVIL_PATH)));
  });

  it('is at last that of another start of the same path on the same sensor, and the receipt says so', async () => {
    const receipt = await withoutDisk(() => contain(4));
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.processes.find((p) => p.pid === 2400)?.md5, evilMd5(4));
    assert.ok(
      receipt.notes.some((note) => /another start of the same path/.test(note)),
      receipt.notes.join(),
    );
  });

  it('is not looked for where nothing shall be banned', async () => {
    const run = await env().contain({ hostname: hostName(5), processName: 'evil.exe', banScope: 'none' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual(receipt.bans, []);
  });
});
