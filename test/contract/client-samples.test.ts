import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { loopback } from './client-loopback.js';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'samples', 'cbapi-python_cber.sqlite');
const skip = existsSync(FOLDER) ? false : 'the recorded answers are not here';

async function playing(t: TestContext, file: string) {
  const body = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as unknown;
  return (await loopback(t, () => ({ body }))).client();
}

test('The recorded answers of a 6.2.0 server pass the border', { skip }, async (t) => {
  const info = await (await playing(t, '00_GET_api_info.json')).info();
  assert.deepEqual(info, {
    version: '6.2.0.171114.1158',
    cblrEnabled: true,
    banningEnabled: true,
    maxSearchResultRows: 1000,
  });

  const sensor = await (await playing(t, '02_GET_v1_sensor_1.json')).sensors.get(1);
  assert.deepEqual(
    [sensor?.computerName, sensor?.osType, sensor?.ip, sensor?.bootId, sensor?.supportsLiveResponse],
    ['WIN7-HYPERV-2', 'windows', '192.168.1.163', '38', true],
  );

  const sessions = await (await playing(t, '03_GET_v1_cblr_session.json')).liveResponse.sessions();
  assert.deepEqual(
    sessions.map(({ id, sensorId, status }) => [id, sensorId, status]),
    [[1, 1, 'active']],
  );

  const file = await (await playing(t, '10_GET_cblr_command_getfile_done.json')).liveResponse.command(1, 3);
  assert.deepEqual([file?.status, file?.fileId, file?.resultCode], ['complete', 2, 0]);

  const list = await (
    await playing(t, '13_GET_cblr_command_processlist_done.json')
  ).liveResponse.command(1, 4);
  assert.equal(list?.processes?.length, 34);

  const search = await (await playing(t, '06_GET_v1_process_count.json')).processes.byName('vnc.exe');
  assert.deepEqual(search, { rows: [], incomplete: false });
});
