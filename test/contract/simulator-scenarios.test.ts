import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadScenario, ScenarioError, shippedScenarios, startSimulator } from '../../simulator/index.js';
import { bench } from './simulator-api.js';

const folder = mkdtempSync(join(tmpdir(), 'cb-scenarios-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const refused = (from: Parameters<typeof loadScenario>[0], ...patterns: RegExp[]): void => {
  assert.throws(
    () => loadScenario(from),
    (error) => {
      assert.ok(error instanceof ScenarioError);
      for (const pattern of patterns) assert.match(error.message, pattern);
      return true;
    },
  );
};

test('Every scenario that ships is valid and starts.', async () => {
  assert.deepEqual(shippedScenarios(), [
    'evil-sticky-notes',
    'look-alikes',
    'mac-and-linux',
    'offline-host',
    'reinstalled',
    'respawner',
    'unkillable',
  ]);
  for (const scenario of shippedScenarios()) {
    const { simulator } = await bench({ scenario });
    assert.ok((await simulator.state()).sensors.length > 0, scenario);
  }
});

test('In the demo’s scenario two instances of vnc.exe run on win7pro64, and an innocent one beside it.', async () => {
  const { simulator } = await bench();
  const { sensors } = await simulator.state();
  const vnc = sensors.map((sensor) => sensor.processes.filter(({ path }) => path.endsWith('\\vnc.exe')));
  assert.deepEqual(
    vnc.map((processes) => processes.length),
    [2, 1],
  );
  assert.equal(vnc[0]![0]!.path, 'c:\\program files\\evil sticky notes\\vnc.exe');
  assert.notEqual(vnc[0]![0]!.md5, vnc[1]![0]!.md5);
  assert.ok(sensors[0]!.processes.length >= 14);
});

test('A scenario file of one’s own is taken by its path.', async () => {
  const path = file('own.json', JSON.stringify({ name: 'own', sensors: [{ hostname: 'MINE' }] }));
  const { simulator } = await bench({ scenario: path });
  assert.equal((await simulator.state()).sensors[0]!.hostname, 'MINE');
});

test('A wrong scenario is refused with file, field and what was expected.', () => {
  refused('no-such', /no scenario "no-such"/, /evil-sticky-notes/);
  refused(join(folder, 'absent.json'), /cannot be read \(ENOENT\)/);
  refused(file('text.json', '{ not json'), /text\.json is not JSON/);
  refused(
    file('wrong.json', JSON.stringify({ name: 'x', sensors: [{ hostname: 'A', os: 'beos', typo: 1 }] })),
    /2 mistakes in the scenario file .*wrong\.json/,
    /sensors\[0\]\.os: .*"windows"\|"macos"\|"linux"/,
    /sensors\[0\]: .*"typo"/,
    /docs\/simulator\.md/,
  );
  refused(
    { name: 'x', sensors: [{ hostname: 'A', groupId: 7 }] },
    /sensors\[0\]\.groupId: no group has the id 7/,
  );
  const twins = [
    { id: 1, hostname: 'A' },
    { id: 1, hostname: 'B' },
  ];
  refused({ name: 'x', sensors: twins }, /sensors\[1\]\.id: 1 is taken/);
  refused(
    { name: 'x', sensors: [], bans: [{ text: 'of what?' }] },
    /bans\[0\]: expected either md5 or binary/,
  );
});

test('The same scenario at the same time gives the same world, GUIDs included.', async () => {
  const [one, two] = [await bench(), await bench()];
  assert.deepEqual(await one.simulator.state(), await two.simulator.state());
});

test('On the real clock a sensor checks in by itself.', async () => {
  const simulator = await startSimulator({ scenario: 'evil-sticky-notes', checkinSeconds: 0.2 });
  after(() => simulator.close());
  await simulator.act.setWish(1, true, 'ann');
  await simulator.clock.sleep(450);
  assert.equal((await simulator.state()).sensors[0]!.fact, true);
});
