import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startSimulator, type Profile } from '../../simulator/index.js';
import { pythonClient } from './python-client.js';

const PROFILES: Profile[] = ['5.2', '6.2', '7.5'];
const script = fileURLToPath(new URL('./playbook.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cb-fidelity-'));
let client: ReturnType<typeof pythonClient>;

interface Seen {
  version: string;
  sensor: number;
  isolated: boolean;
  killed: string[];
  left: string[];
  folder: string[];
  file_size: number;
  found: string[];
  parents: string[];
  bans: Record<string, boolean>;
  binary: boolean;
}

before(() => {
  client = pythonClient();
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("The vendor's own client does the blog's playbook.", { concurrency: PROFILES.length }, async (t) => {
  if ('missing' in client) {
    const line = `needs Python 3 with venv and pip: ${client.missing}`;
    if (process.env.CI === 'true') assert.fail(line);
    return t.skip(line);
  }
  const { python } = client;
  await Promise.all(
    PROFILES.map((profile) => t.test(`against a ${profile} server`, () => doPlaybook(python, profile))),
  );
});

async function doPlaybook(python: string, profile: Profile): Promise<void> {
  const simulator = await startSimulator({
    scenario: 'evil-sticky-notes',
    tls: true,
    checkinSeconds: 1,
    profile,
    log: (line) => assert.fail(line),
  });
  try {
    const before = await simulator.state();
    const victim = before.sensors.find((sensor) => sensor.hostname === 'WIN7PRO64')!;
    const guids = victim.processes.filter((p) => p.path.endsWith('\\vnc.exe')).map((p) => p.guid);
    const md5 = victim.processes.find((p) => p.guid === guids[0])!.md5;
    const credentials = join(folder, `credentials-${profile}`);
    const lines = ['[simulator]', `url=${simulator.url}`, `token=${simulator.token}`];
    lines.push(`ssl_cert_file=${simulator.caFile}`, 'ssl_verify_hostname=false', '');
    writeFileSync(credentials, lines.join('\n'), { mode: 0o600 });

    const run = promisify(execFile);
    const { stdout } = await run(python, [script, credentials, 'WIN7PRO64', 'vnc.exe'], {
      timeout: 90_000,
    });
    const seen = JSON.parse(stdout) as Seen;

    assert.equal(seen.isolated, true);
    assert.deepEqual(seen.left, []);
    assert.deepEqual(seen.folder, ['vnc.exe']);
    assert.equal(seen.file_size, 48_128);
    assert.deepEqual(seen.found, [...guids].sort(), 'the search finds each instance once');
    assert.deepEqual(seen.bans, { [md5]: true });
    assert.equal(seen.binary, false);
    assert.ok(seen.version.startsWith(profile));

    const ledger = await simulator.ledger();
    const of = (effect: string) => ledger.filter((entry) => entry.effect === effect);
    assert.deepEqual(
      of('isolated').map((entry) => entry.sensorId),
      [victim.id],
      'one host is isolated',
    );
    assert.deepEqual(
      of('killed')
        .map((entry) => entry.guid)
        .sort(),
      [...guids].sort(),
      'exactly these are killed',
    );
    assert.deepEqual(of('kill-failed'), []);
    assert.deepEqual(
      of('banned').map((entry) => entry.md5),
      [md5],
    );
    assert.equal(of('session-opened').length, 1);
    assert.equal(of('session-closed').length, 1);
    const after = await simulator.state();
    assert.deepEqual(
      after.sessions.map((session) => session.status),
      ['close'],
    );
    assert.deepEqual(simulator.unknownRoutes(), [], 'every request of the client is answered');
  } finally {
    await simulator.close();
  }
}
