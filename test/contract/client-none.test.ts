import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isCbError, type CbResponse } from '../../cb-response/index.js';
import { syntheticFile } from '../../simulator/index.js';
import { withClient } from './playbook-client-bench.js';

const MD5 = syntheticFile('evil-vnc', 48_128).md5;
const GUID = '00000001-0000-08a4-01d3-9e6a5d0f1a2b';
const SESSION = '/api/v1/cblr/session';

/** `answers`: those that mean none there. */
const NONE: [
  what: string,
  route: string,
  call: (cb: CbResponse) => Promise<unknown>,
  none: unknown,
  answers: string[],
][] = [
  ['a sensor', '/api/v1/sensor/:id', (cb) => cb.sensors.get(1), null, ['204']],
  ['sensors by a filter', '/api/v1/sensor', (cb) => cb.sensors.search({ hostname: 'W' }), [], ['204', '[]']],
  ['sensors by pages', '/api/v2/sensor', (cb) => cb.sensors.some(5), [], ['204']],
  ['how many sensors', '/api/v2/sensor', (cb) => cb.sensors.count(), 0, ['204']],
  ['a group', '/api/v3/group/:id', (cb) => cb.group(1), null, ['204', '[]']],
  ['a ban', '/api/v1/banning/blacklist/:md5', (cb) => cb.bans.get(MD5), null, ['204']],
  ['bans', '/api/v1/banning/blacklist', (cb) => cb.bans.list(), [], ['204', '[]']],
  ['a process', '/api/v1/process/:guid/:segment', (cb) => cb.processes.byGuid(GUID), null, ['204']],
  ['a binary', '/api/v1/binary/:md5/summary', (cb) => cb.binaries.summary(MD5), null, ['204']],
  ['hosts of a file', '/api/v1/process/host/count', (cb) => cb.binaries.hostCount(MD5), null, ['204']],
  ['sessions', SESSION, (cb) => cb.liveResponse.sessions(), [], ['204', '[]']],
  ['commands', `${SESSION}/:id/command`, (cb) => cb.liveResponse.commands(1), [], ['204', '[]']],
];

/** From these nobody may conclude that there is none: the client says that it was no answer. */
const NO_ANSWER: typeof NONE = [
  ['a search', '/api/v1/process', (cb) => cb.processes.byName('vnc.exe'), null, ['204', '[]']],
  ['a sensor', '/api/v1/sensor/:id', (cb) => cb.sensors.get(1), null, ['[]']],
  ['a ban', '/api/v1/banning/blacklist/:md5', (cb) => cb.bans.get(MD5), null, ['[]']],
  ['a process', '/api/v1/process/:guid/:segment', (cb) => cb.processes.byGuid(GUID), null, ['[]']],
  ['a session', `${SESSION}/:id`, (cb) => cb.liveResponse.session(1), null, ['204', '[]']],
];

const asked = (route: string, answer: string, test: (cb: CbResponse) => Promise<void>): Promise<void> =>
  withClient({}, async ({ cb, simulator }) => {
    const kind = answer === '204' ? { status: 204 } : { status: 200, body: [] };
    const fault = simulator.faults.add({ method: 'GET', route, kind });
    await test(cb);
    assert.ok(fault.hits() > 0, 'it was answered so');
  });

describe('An answer that means none is told as none', () => {
  for (const [what, route, call, none, answers] of NONE)
    for (const answer of answers)
      it(`${what}: ${answer}`, () =>
        asked(route, answer, async (cb) => assert.deepEqual(await call(cb), none)));
});

describe('An answer of nothing where something must come is an error, not none', () => {
  for (const [what, route, call, , answers] of NO_ANSWER)
    for (const answer of answers)
      it(`${what}: ${answer}`, () =>
        asked(route, answer, (cb) => assert.rejects(call(cb), (e) => isCbError(e, 'malformed'))));
});
