import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { built, cli } from './cli.js';

/** Every script that a process loaded, as V8 wrote it down when the process ended. */
function scriptsIn(coverage: string): string[] {
  return readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as {
      result: { url: string }[];
    };
    return result.map(({ url }) => url);
  });
}

describe('the command line', () => {
  // How long that takes is measured by the benchmark of the start-up; here is counted what the time goes into.
  it(
    'is there at once: --help loads commander and few files of our own, nothing else',
    { skip: built ? false : 'needs the build' },
    async () => {
      const coverage = mkdtempSync(join(tmpdir(), 'cb-help-'));
      try {
        assert.equal((await cli(['--help'], { NODE_V8_COVERAGE: coverage })).code, 0);
        const files = scriptsIn(coverage).filter((url) => url.startsWith('file:'));
        assert.ok(
          files.some((url) => url.endsWith('/dist/cli/main.js')),
          files.join('\n'),
        );
        const strangers = files.filter(
          (url) => !/\/dist\/(cli|contract)\/|\/node_modules\/commander\//.test(url),
        );
        assert.deepEqual(strangers, []);
        assert.ok(files.length <= 30, `${String(files.length)} files:\n${files.join('\n')}`);
      } finally {
        rmSync(coverage, { recursive: true, force: true });
      }
    },
  );

  it('lists every verb of this version, and no other', async () => {
    const { stdout } = await cli(['--help']);
    const verbs = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1]).sort();
    const all =
      'approve cancel contain decide demo deny doctor extend help isolate leases pause policy receipt release resume ' +
      'selftest simulator status undo worker';
    assert.deepEqual(verbs, all.split(' '));
  });
});
