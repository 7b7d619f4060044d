import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JournalEntry } from '../../simulator/index.js';
import { aftermath } from './support/aftermath.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({ checkinSeconds: 5, scenario: fleet(4) });
const MINUTE = 60_000;
/** Between two tries of a change, and more than between two of a read. */
const LONGEST_PAUSE_MS = 30_000;

const isBan = (e: JournalEntry) => e.method === 'POST' && e.path === '/api/v1/banning/blacklist';
const isLookAtBan = (e: JournalEntry) => e.route === 'GET /api/v1/banning/blacklist/:md5';
const isLookAtFile = (e: JournalEntry) => /\/binary\/.{32}\/summary$/.test(e.path);
/** The first look after a ban is its read-back, the next one that before the verdict. */
const isLastLook = (e: JournalEntry, before: JournalEntry[]) =>
  isLookAtBan(e) && before.some(isBan) && before.slice(before.findIndex(isBan)).some(isLookAtBan);

/** The whole server answers 502 from the first such request on, for so long. */
function outage(minutes: number, isFirst: (entry: JournalEntry, before: JournalEntry[]) => boolean) {
  const { simulator } = env();
  const first = simulator.journal().length;
  let fault: { remove: () => void } | null = null;
  let since = Infinity;
  const stop = simulator.observe(({ phase, entry }) => {
    if (phase !== 'before') return;
    const before = simulator.journal().slice(first, entry.n - 1);
    if (fault === null && isFirst(entry, before)) {
      since = entry.at;
      fault = simulator.faults.add({ kind: 'html-502' });
    }
    if (entry.at - since >= minutes * MINUTE) fault?.remove();
  });
  return {
    end: () => {
      stop();
      fault?.remove();
    },
    /** How long the server was asked in vain. */
    lasted: () => {
      const struck = simulator
        .journal()
        .slice(first)
        .filter((e) => e.fault !== null);
      return (struck.at(-1)?.at ?? 0) - (struck[0]?.at ?? 0);
    },
  };
}

async function containThrough(n: number, minutes: number, isFirst: Parameters<typeof outage>[1]) {
  const dead = outage(minutes, isFirst);
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe' });
  const { closed, receipt } = await run.outcome().finally(dead.end);
  assert.ok(receipt);
  const said = JSON.stringify([receipt.gaps, receipt.problems, receipt.bans]);
  assert.deepEqual([closed, receipt.verdict], ['completed', 'contained'], said);
  assert.deepEqual([receipt.problems, receipt.undo], [[], []]);
  assert.ok(dead.lasted() >= minutes * MINUTE - LONGEST_PAUSE_MS, `${dead.lasted()} ms`);
  assert.ok(Date.parse(receipt.endedAt) - Date.parse(receipt.startedAt) >= minutes * MINUTE);
  assert.deepEqual(await aftermath(env(), n, { path: EVIL_PATH, md5s: [evilMd5(n)] }), {
    wish: true,
    fact: true,
    alive: 0,
    banned: [evilMd5(n)],
    openSessions: [],
  });
}

describe('A server that is dead for a while', () => {
  it('when a hash is banned, for nine minutes: the host is contained', async () => {
    await containThrough(1, 9, isBan);
  });

  it('when it is asked what is banned already, for twelve minutes: the host is contained', async () => {
    await containThrough(2, 12, isLookAtBan);
  });

  it('when a hash is judged, for twelve minutes: the host is contained', async () => {
    await containThrough(3, 12, isLookAtFile);
  });

  it('when bans are read once more before the verdict, for twelve minutes: the host is contained', async () => {
    await containThrough(4, 12, isLastLook);
  });
});
