import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSimulator, virtualClock, type Simulator } from '../../simulator/index.js';
import { differences, keptShapeOf, type Shape, shapeOf } from './shape.js';

/** Keys and types of what a real 6.2 server answered, without a value of it. */
const shapes = JSON.parse(readFileSync(new URL('./shapes.json', import.meta.url), 'utf8')) as Record<
  string,
  Shape
>;
const PROCESS = '00007c6f-0000-0a28-01d6-ffde20451832.json';
/** The recorded answers themselves, when they lie beside the project. */
const samples = fileURLToPath(new URL('../../../shared/samples/', import.meta.url));
const recorded = `${samples}cbapi-python_cber.sqlite/`;
const clock = virtualClock();
let simulator: Simulator;

before(async () => {
  simulator = await startSimulator({
    scenario: 'evil-sticky-notes',
    profile: '6.2',
    clock,
    log: assert.fail,
  });
});
after(() => simulator.close());

async function api(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(simulator.url + path, {
    method,
    headers: { 'X-Auth-Token': simulator.token, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  return answer.json();
}

/** Differences of what the simulator answers from the shape of what a real server answered. */
function sameShape(file: string, ours: unknown, optional: string[] = []): void {
  const real = shapes[file];
  assert.ok(real !== undefined, `shapes.json has ${file}`);
  assert.deepEqual(differences(real, shapeOf(ours), optional), []);
}

test('Server information has the recorded shape.', async () => {
  const info = (await api('GET', '/api/info')) as Record<string, unknown>;
  sameShape('00_GET_api_info.json', info, ['user_preferences']);
});

test('The storage partitions have the recorded shape.', async () => {
  const ours = Object.values((await api('GET', '/api/v1/storage/events/partition')) as object)[0] as unknown;
  sameShape('01_GET_v1_storage_events_partition_first2.json', ours);
});

test('A sensor has exactly the 51 recorded keys, with their types.', async () => {
  const ours = (await api('GET', '/api/v1/sensor/1')) as object;
  sameShape('02_GET_v1_sensor_1.json', ours);
  assert.equal(Object.keys(ours).length, 51);
});

test('A Live Response session and its commands have the recorded shapes.', async () => {
  const base = '/api/v1/cblr/session';
  await api('POST', base, { sensor_id: 1 });
  clock.advance(30_000);
  sameShape('03_GET_v1_cblr_session.json', await api('GET', base));
  sameShape('04_GET_v1_cblr_session_1.json', await api('GET', `${base}/1`));
  const path = 'c:\\program files\\evil sticky notes\\vnc.exe';
  const asked = await api('POST', `${base}/1/command`, { name: 'get file', object: path });
  sameShape('09_POST_cblr_command_getfile.json', asked);
  const got = await api('GET', `${base}/1/command/1?wait=true`);
  sameShape('10_GET_cblr_command_getfile_done.json', got);
  const listing = await api('POST', `${base}/1/command`, { name: 'process list' });
  sameShape('12_POST_cblr_command_processlist.json', listing);
  const list = await api('GET', `${base}/1/command/2?wait=true`);
  sameShape('13_GET_cblr_command_processlist_done.json', list);
});

test('Search envelopes and a binary have the recorded shapes.', async () => {
  sameShape('05_GET_v1_binary_count.json', await api('GET', '/api/v1/binary?rows=0'));
  sameShape('06_GET_v1_process_count.json', await api('GET', '/api/v1/process?rows=0'));
  const signed = await api('GET', '/api/v1/binary?q=digsig_result:Signed');
  sameShape('14_GET_v1_binary_row.json', signed);
});

test('A search row has the recorded keys.', async () => {
  const { results } = (await api('GET', '/api/v1/process?q=process_name:vnc.exe')) as { results: unknown[] };
  // parent_md5 is in the recordings of the event bus, but not in this one.
  const addedByItsTool = ['captured_segments', 'all_segments', 'process_ancestry', 'process_tree'];
  const optional = [...addedByItsTool, 'alliance', 'process_sha256', 'parent_md5'];
  sameShape('process-row.json', results[0], optional);
});

test('The shapes that are kept here are those of the recorded answers.', async (t) => {
  if (!existsSync(recorded)) return t.skip('the recorded answers are not beside the project');
  for (const [file, kept] of Object.entries(shapes)) {
    const path = file === 'process-row.json' ? `${samples}cbinterface2/${PROCESS}` : `${recorded}${file}`;
    const whole: unknown = JSON.parse(readFileSync(path, 'utf8'));
    // Its keys are names of partitions.
    const real: unknown = file.startsWith('01_') ? Object.values(whole as object)[0] : whole;
    assert.deepEqual(keptShapeOf(real), kept, file);
  }
});

test('A key too much, one too few and another type are told.', () => {
  const real = { id: 1, status: 'active', items: [{ a: true }], note: null };
  assert.deepEqual(differences(shapeOf(real), shapeOf({ ...real, note: 'x', items: [] }), []), []);
  assert.deepEqual(differences(shapeOf(real), shapeOf({ id: '1', items: [{ b: 1 }], note: null }), ['b']), [
    '.id: recorded number, simulated string',
    '.status: only recorded',
    '.items[0].a: only recorded',
  ]);
});
