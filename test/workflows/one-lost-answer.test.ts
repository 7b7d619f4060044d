import { describe, it } from 'node:test';
import type { FaultKind } from '../../simulator/index.js';
import { assertOnce, assertVerdict, type RequestName, runWith } from './support/fault-table.js';
import { fleet } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const CHANGES: RequestName[] = [
  'write the wish',
  'open a session',
  'list processes',
  'kill',
  'close the session',
  'ban',
];
const READS: RequestName[] = [
  'find the sensor',
  'server info',
  'list of sessions',
  'read the wish',
  'read a command',
  'search processes',
  'look at the file',
  'read the ban',
];
/** Acted and not answered is tried at every single request (any-request.test.ts). */
const CASES: [RequestName, FaultKind & string][] = [
  ...CHANGES.flatMap((request) =>
    (['cut', 'html-502', 'malformed'] as const).map(
      (kind): [RequestName, FaultKind & string] => [request, kind],
    ),
  ),
  ...READS.map((request): [RequestName, FaultKind & string] => [request, 'html-502']),
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
