import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Receipt } from '../../contract/index.js';
import { emptyFolder } from '../support/folders.js';
import { waitFor } from '../support/wait-for.js';
import { projectRoot } from '../support/worker-process.js';
import { cli, documentOf, startCli } from './cli.js';

const temporal = {
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  CBAPI_URL: 'https://cb.example',
  CBAPI_TOKEN: 'x',
};

/** Processes that still carry the address of a demo's Temporal in their environment; looked up where there is /proc. */
function processesOf(address: string): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TEMPORAL_ADDRESS=${address}\0`);
    } catch {
      return false;
    }
  });
}

describe('the demo', { timeout: 120_000 }, () => {
  it('contains a host by itself, away from the settings of whoever runs it: exit 0, receipt and link', async () => {
    const ran = await cli(['demo'], temporal);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^CONTAINED {2}WIN7PRO64 \(sensor 1/m);
    assert.match(
      ran.stdout,
      /http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/contain%2Fwin7pro64\//,
    );
    const web = /Temporal Web: (http:\/\/[\d.:]+)/.exec(ran.stderr)?.[1];
    assert.ok(web, ran.stderr);
    await assert.rejects(fetch(web), 'Temporal Web still answers');
  });

  it('--keep stays up until Ctrl-C, and then leaves no process and no file', async () => {
    const child = startCli(['demo', '--keep'], temporal);
    const line = await child.line('stderr', /export TEMPORAL_ADDRESS=/, { timeoutMs: 60_000 });
    const env: Record<string, string> = Object.fromEntries(
      line
        .trim()
        .split(' ')
        .slice(1)
        .map((pair) => pair.split('=') as [string, string]),
    );
    assert.notEqual(env['TEMPORAL_ADDRESS'], temporal.TEMPORAL_ADDRESS);
    assert.match(line, /CBAPI_URL=http:\/\/127\.0\.0\.1:/);
    const receipt = await cli(['receipt', 'win7pro64', '--json'], env);
    assert.equal(documentOf<Receipt>(receipt).verdict, 'contained');
    const doctor = await cli(['doctor'], env);
    assert.equal(doctor.code, 0, doctor.stdout);
    assert.doesNotMatch(doctor.stdout, /^fail/m);

    child.signal('SIGINT');
    assert.equal((await child.exited).code, 0, child.stderr);
    await waitFor(
      'every process of the demo to be gone',
      () => processesOf(String(env['TEMPORAL_ADDRESS'])).length === 0,
    );
    const left = readdirSync(join(projectRoot, '.temporal', 'demo')).filter((name) =>
      name.startsWith(`${child.pid}-`),
    );
    assert.deepEqual(left, []);
  });

  it('whose Temporal dies says so with its last lines: exit 1', async () => {
    const broken = join(emptyFolder(), 'temporal');
    writeFileSync(broken, '#!/bin/sh\necho "the disk is full" >&2\nexit 7\n', { mode: 0o755 });
    const ran = await cli(['demo'], { TEMPORAL_CLI_PATH: broken });
    assert.equal(ran.code, 1, ran.stderr);
    assert.match(ran.stderr, /Temporal dev server of the demo ended early \(exit code 7\)/);
    assert.match(ran.stderr, /the disk is full/);
  });
});
