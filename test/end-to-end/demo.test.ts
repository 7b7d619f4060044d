import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Receipt } from '../../contract/index.js';
import type { SimulatorState } from '../../simulator/index.js';
import { emptyFolder } from '../support/folders.js';
import { freshName } from '../support/names.js';
import { waitFor } from '../support/wait-for.js';
import { projectRoot } from '../support/worker-process.js';
import { cli, documentOf, startCli } from './cli.js';

const temporal = {
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  CBAPI_URL: 'https://cb.example',
  CBAPI_TOKEN: 'x',
};

/** Inherited by everything that a demo starts, its simulator too: the demo keeps its own settings alone from its children. */
const MARK = 'TEST_OF_THE_DEMO';

/** Processes that bear the mark in their environment; looked up where there is /proc. */
function processesOf(mark: string): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${mark}\0`);
    } catch {
      return false;
    }
  });
}

/** Nothing of the demo runs any more, and none of its addresses answers. */
async function assertGone(mark: string, said: string): Promise<void> {
  await waitFor('every process of the demo to be gone', () => processesOf(mark).length === 0);
  for (const part of ['Temporal Web', 'simulator']) {
    const url = new RegExp(`${part}: (http://[\\d.:]+)`).exec(said)?.[1];
    assert.ok(url, said);
    await assert.rejects(fetch(url), `${url} still answers: ${part}`);
  }
}

/** What stands below the receipt: the frame, then each thing that happened, by name; a slow machine changes their order. */
function toldOfServer(stdout: string): string[] {
  const [first, ...lines] = stdout.slice(stdout.indexOf('What happened on')).trim().split('\n');
  const last = lines.pop();
  const things = lines.map((line) => {
    assert.match(line, /^ {2}\d\d:\d\d:\d\dZ {2}/);
    return line.slice(13).replace(/[0-9A-F]{32}|pid \d+/, '#');
  });
  return [String(first), String(last), ...things.sort((a, b) => a.localeCompare(b, 'en'))];
}

const LINK = /http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/contain%2Fwin7pro64\/[0-9a-f-]+/;

describe('the demo', { timeout: 120_000 }, () => {
  it('contains a host by itself, away from the settings of whoever runs it: exit 0, receipt and link', async () => {
    const mark = `${process.pid}-${freshName('demo')}`;
    const ran = await cli(['demo'], { ...temporal, [MARK]: mark });
    assert.equal(ran.code, 0, ran.stderr);
    assert.doesNotMatch(ran.stderr, /Warning/);
    assert.match(ran.stderr, /sensors check in every 5 s/);
    assert.match(ran.stderr, /^\d\d:\d\d:\d\d {2}Enumerate and kill: \S/m);
    const [receipt, link] = [/^CONTAINED {2}WIN7PRO64 \(sensor 1/m, LINK].map((what) =>
      ran.stdout.search(what),
    );
    assert.ok(receipt !== -1 && Number(link) > Number(receipt), ran.stdout);
    assert.deepEqual(toldOfServer(ran.stdout), [
      ...['What happened on the server:', 'The receipt says the same.'],
      ...['banned #', 'isolated', 'isolation asked for'],
      ...[
        'killed #  c:\\program files\\evil sticky notes\\vnc.exe',
        'killed #  c:\\program files\\evil sticky notes\\vnc.exe',
      ],
      ...['Live Response session 1 closed', 'Live Response session 1 opened'],
    ]);
    await assertGone(mark, ran.stderr);
  });

  it('--keep stays up until Ctrl-C, and then leaves no process and no file', async () => {
    const mark = `${process.pid}-${freshName('demo')}`;
    const child = startCli(['demo', '--keep'], { ...temporal, [MARK]: mark });
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

    assert.equal((await fetch(LINK.exec(child.stdout)?.[0] ?? '')).status, 200);
    const headers = { 'X-Auth-Token': env['CBAPI_TOKEN'] ?? '' };
    const state = await fetch(`${env['CBAPI_URL']}/simulator/state`, { headers });
    const host = ((await state.json()) as SimulatorState).sensors.find(({ id }) => id === 1);
    assert.equal(Number(host?.nextCheckin) - Number(host?.lastCheckin), 5_000);
    const files = (): string[] =>
      readdirSync(join(projectRoot, '.temporal', 'demo')).filter((name) => name.startsWith(`${child.pid}-`));
    assert.ok(
      files().some((name) => name.endsWith('.db')),
      files().join(' '),
    );
    // Demo, Temporal, simulator and worker: that nothing is left of them is worth nothing where they were never seen.
    if (existsSync('/proc/self/environ')) assert.equal(processesOf(mark).length, 4);

    child.signal('SIGINT');
    assert.equal((await child.exited).code, 0, child.stderr);
    await assertGone(mark, child.stderr);
    assert.deepEqual(files(), []);
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
