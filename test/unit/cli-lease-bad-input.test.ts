import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cli, type CliError, documentOf } from '../end-to-end/cli.js';

// Nothing listens there: whoever gets as far as Temporal ends with 3, so 2 shows that nothing was asked of anybody.
const NOBODY = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

const BAD: [title: string, args: string[], expected: RegExp][] = [
  ['isolate without a reason', ['isolate', 'a'], /required option '--reason <text>' not specified/i],
  ['isolate with an empty reason', ['isolate', 'a', '--reason', ' '], /--reason: It is empty/],
  ['isolate a wildcard', ['isolate', 'win*', '--reason', 'x'], /cannot be the name of one host/],
  ['isolate for nothing', ['isolate', 'a', '--reason', 'x', '--lease', '0h'], /--lease: "0h" is no such/],
  [
    'isolate for too long',
    ['isolate', 'a', '--reason', 'x', '--lease', '1000d'],
    /--lease: "1000d" is more than the policy allows.*at most 366d/,
  ],
  ['isolate with a wait that is none', ['isolate', 'a', '--reason', 'x', '--wait', '5'], /--wait is "5"/],
  ['release without a reason', ['release', 'a'], /'--reason <text>' not specified/],
  ['release with an empty reason', ['release', 'a', '--reason', ''], /--reason: It is empty/],
  ['extend without a duration', ['extend', 'a'], /missing required argument 'duration'/i],
  ['extend by a negative duration', ['extend', 'a', '--', '-2h'], /duration: "-2h" is no such duration/],
  ['extend by an absurd one', ['extend', 'a', '9e9d'], /duration: "9e9d" is no such duration/],
  ['leases --adopt alone', ['leases', '--adopt', '--reason', 'x'], /--adopt does something only with/],
  ['adopt without a reason', ['leases', '--reconcile', '--adopt'], /--reason: It is empty/],
  ['a reason for nothing', ['leases', '--reason', 'x'], /without --adopt none is taken/],
  ['decide nothing', ['decide', 'a', '--reason', 'x'], /not said what to decide/],
  ['decide twice', ['decide', 'a', '--keep', '--release', '--reason', 'x'], /cannot be used with/],
  [
    'an offline policy that is none',
    ['contain', '--hostname', 'a', '--process-name', 'b', '--offline', 'hope'],
    /wait, fail, isolate-only/,
  ],
  [
    'an offline wait of a year',
    ['contain', '--hostname', 'a', '--process-name', 'b', '--offline-for', '365d'],
    /--offline-for: "365d" is no such duration/,
  ],
];

describe('bad input of the lease verbs', { concurrency: 2 }, () => {
  for (const [title, args, expected] of BAD) {
    it(`${title}: one clear message before anybody is asked, with code 2`, async () => {
      const ran = await cli([args[0] as string, '--json', ...args.slice(1)], NOBODY);
      assert.equal(ran.code, 2, ran.stdout);
      const { error } = documentOf<CliError>(ran);
      const mistakes = (error['mistakes'] ?? []) as { field: string; problem: string }[];
      assert.match(error.message, expected, JSON.stringify(mistakes));
      assert.ok(error.expected && error.next);
      assert.equal(ran.stderr, '');
    });
  }

  for (const args of [
    ['leases'],
    ['isolate', 'a', '--reason', 'x'],
    ['decide', 'a', '--keep', '--reason', 'x'],
  ]) {
    it(`${args[0]} says that Temporal is out of reach, with code 3`, async () => {
      const ran = await cli([...args, '--json'], NOBODY);
      assert.equal(ran.code, 3, ran.stdout);
      assert.equal(documentOf<CliError>(ran).error.code, 'TemporalUnreachable');
    });
  }
});
