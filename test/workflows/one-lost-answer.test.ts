import { describe, it } from 'node:test';
import type { FaultKind } from '../../simulator/index.js';
import { assertOnce, assertVerdict, type RequestName, runWith } from './support/fault-table.js';
import { fleet } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

/** Of each request that changes something the worst that it can meet; the proof goes through all requests and faults. */
const CASES: [RequestName, FaultKind & string][] = [
  ['write the wish', 'act-then-cut'],
  ['open a session', 'act-then-cut'],
  ['list processes', 'act-then-cut'],
  ['kill', 'act-then-cut'],
  ['close the session', 'act-then-cut'],
  ['ban', 'act-then-cut'],
  ['write the wish', 'malformed'],
  ['kill', 'cut'],
  ['find the sensor', 'html-502'],
  ['read a command', 'html-502'],
];

const env = withEnvironment({ scenario: fleet(CASES.length), checkinSeconds: 5 });

describe('One answer that is lost or wrong', () => {
  for (const [i, [request, kind]] of CASES.entries()) {
    it(`changes nothing in the end: ${kind} at "${request}"`, async () => {
      const run = await runWith(env(), { n: i + 1, faults: [{ request, kind, times: 1 }] });
      assertVerdict(run, 'contained');
      await assertOnce(env(), i + 1);
    });
  }
});
