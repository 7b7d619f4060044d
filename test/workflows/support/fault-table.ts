import assert from 'node:assert/strict';
import { exitCodeOf, type FailurePolicy, MEMO_KEYS, type Verdict } from '../../../contract/index.js';
import type { FaultKind, RequestMatch } from '../../../simulator/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';
import { aftermath, type Aftermath } from './aftermath.js';
import { EVIL_PATH, evilMd5, hostName } from './hosts.js';

/** The requests of a run that matter, by a name for people; `n` is the host's sensor id. */
export const REQUESTS = {
  'find the sensor': () => ({ method: 'GET', route: '/api/v1/sensor' }),
  'server info': () => ({ method: 'GET', route: '/api/info' }),
  'list of sessions': () => ({ method: 'GET', route: '/api/v1/cblr/session' }),
  'read the wish': (n) => ({ method: 'GET', route: `/api/v1/sensor/${n}` }),
  'write the wish': (n) => ({
    method: 'PUT',
    route: `/api/v1/sensor/${n}`,
    bodyIncludes: { network_isolation_enabled: true },
  }),
  'withdraw the wish': (n) => ({
    method: 'PUT',
    route: `/api/v1/sensor/${n}`,
    bodyIncludes: { network_isolation_enabled: false },
  }),
  'open a session': () => ({ method: 'POST', route: '/api/v1/cblr/session' }),
  'list processes': () => ({
    method: 'POST',
    route: /\/session\/\d+\/command$/,
    bodyIncludes: { name: 'process list' },
  }),
  kill: () => ({ method: 'POST', route: /\/session\/\d+\/command$/, bodyIncludes: { name: 'kill' } }),
  'read a command': () => ({ method: 'GET', route: /\/session\/\d+\/command\/\d+$/ }),
  'close the session': () => ({ method: 'PUT', route: /\/cblr\/session\/\d+$/ }),
  'search processes': () => ({ method: 'GET', route: '/api/v1/process' }),
  'look at the file': () => ({ method: 'GET', route: /\/binary\/.{32}\/summary$/ }),
  'read the ban': () => ({ method: 'GET', route: /\/banning\/blacklist\/.{32}$/ }),
  ban: () => ({ method: 'POST', route: '/api/v1/banning/blacklist' }),
  unban: () => ({ method: 'DELETE', route: /\/banning\/blacklist\/.{32}$/ }),
} satisfies Record<string, (n: number) => RequestMatch>;
export type RequestName = keyof typeof REQUESTS;

export const REFUSED = {
  '401': { status: 401, body: 'Unauthorized' },
  '403': { status: 403, body: 'Forbidden' },
  '405': { status: 405, body: 'Method Not Allowed' },
  '400': { status: 400, body: 'Bad Request' },
  '412': { status: 412, body: 'Live Response is not enabled' },
  '500': { status: 500, body: 'Internal Server Error' },
  '502': 'html-502',
} satisfies Record<string, FaultKind>;

export interface FaultCase {
  n: number;
  faults: { request: RequestName; kind: FaultKind; times?: number }[];
  policy?: FailurePolicy;
}

export async function runWith(env: PlaybookTestEnvironment, { n, faults, policy }: FaultCase) {
  const planted = faults.map(({ request, kind, times }) =>
    env.simulator.faults.add({ ...(REQUESTS[request](n) as RequestMatch), kind, times }),
  );
  const first = env.simulator.journal().length;
  try {
    const run = await env.contain({
      hostname: hostName(n),
      processName: 'evil.exe',
      ...(policy ? { onFailure: policy } : {}),
    });
    const outcome = await run.outcome();
    assert.ok(outcome.receipt, outcome.message ?? 'no receipt');
    const { memo } = await run.handle.describe();
    assert.deepEqual(
      memo?.[MEMO_KEYS.receipt],
      outcome.closed === 'failed' ? outcome.details[0] : outcome.receipt,
      'the memo has the receipt, whichever way the run closed',
    );
    const struck = env.simulator
      .journal()
      .slice(first)
      .filter((entry) => entry.fault !== null);
    const askedForMs = (struck.at(-1)?.at ?? 0) - (struck[0]?.at ?? 0);
    for (const [i, fault] of planted.entries()) assert.ok(fault.hits() > 0, `${faults[i]?.request} was hit`);
    for (const fault of planted) fault.remove();
    await env.sleep('2m');
    const left = await aftermath(env, n, { path: EVIL_PATH, md5s: [evilMd5(n)] });
    return {
      ...outcome,
      receipt: outcome.receipt,
      left,
      hits: planted.map((fault) => fault.hits()),
      askedForMs,
    };
  } finally {
    for (const fault of planted) fault.remove();
  }
}

export type FaultRun = Awaited<ReturnType<typeof runWith>>;

const EXITS: Record<string, number> = {
  'rollback-incomplete': 14,
  'rolled-back': 13,
  'not-contained': 12,
  'isolation-pending': 11,
  'contained-partly': 10,
  contained: 0,
};

/** What each verdict promises about the server, whatever the fault was. */
export function assertVerdict({ receipt, closed, type, left }: FaultRun, verdict: Verdict): void {
  const said = JSON.stringify({ verdict: receipt.verdict, gaps: receipt.gaps, problems: receipt.problems });
  assert.equal(receipt.verdict, verdict, said);
  assert.equal(exitCodeOf(receipt), EXITS[verdict]);
  assert.deepEqual([closed, type], verdict === 'contained' ? ['completed', null] : ['failed', verdict]);
  const undone = receipt.undo.map((u) => u.change);
  assert.deepEqual(undone, [...undone].sort(), 'bans are undone before the isolation that came first');
  if (verdict === 'rolled-back' || verdict === 'not-contained') {
    assert.deepEqual(
      { wish: left.wish, fact: left.fact, banned: left.banned },
      { wish: false, fact: false, banned: [] } satisfies Partial<Aftermath>,
      said,
    );
    assert.equal(receipt.undo.length > 0, verdict === 'rolled-back', 'what was undone is told, row by row');
    assert.ok(receipt.undo.every((u) => u.outcome === 'undone'));
  }
  if (verdict === 'contained' || verdict === 'contained-partly') {
    assert.deepEqual([left.wish, left.fact], [true, true], said);
    assert.deepEqual(receipt.undo, []);
  }
  if (verdict === 'contained') assert.deepEqual([left.alive, left.banned.length], [0, 1], said);
}
