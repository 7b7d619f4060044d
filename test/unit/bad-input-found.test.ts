// What generated bad input got past once (`npm run proof -- --part bad-input`), each as a case of its own.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { BadInputError } from '../../cli/bad-input.js';
import { durationOf } from '../../cli/duration.js';
import { printable, shortened } from '../../cli/text/safe.js';
import { CbConfigError, CbResponse, loadCbResponseConfig } from '../../cb-response/index.js';
import {
  createPlaybookClient,
  InvalidRequestError,
  InvalidSettingError,
  playbookClientOf,
} from '../../client/index.js';
import { checkPolicy, checkRequest } from '../../contract/index.js';
import { startSimulator } from '../../simulator/index.js';
import { findWorkflows, runWorkerProcess, WorkerStartError } from '../../worker/index.js';
import { readPolicyFile } from '../../worker/policy-file.js';
import { loadTemporalConfig } from '../../worker/temporal.js';
import { emptyFolder } from '../support/folders.js';

const RIGHT = {
  CBAPI_URL: 'http://127.0.0.1:1',
  CBAPI_TOKEN: '0123456789abcdef',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
};

const refused = (env: NodeJS.ProcessEnv): Promise<WorkerStartError> =>
  runWorkerProcess({ env: { ...RIGHT, ...env } }).then(
    () => assert.fail('the worker runs'),
    (error: unknown) => {
      assert.ok(error instanceof WorkerStartError, String(error));
      return error;
    },
  );

function fileWith(content: string | Buffer): string {
  const file = join(emptyFolder(), 'file');
  writeFileSync(file, content);
  return file;
}

it('an evidence folder that can never be made is refused, and not tried for ever', async () => {
  // Node's own recursive mkdir does not come back there.
  assert.match((await refused({ CB_PLAYBOOK_EVIDENCE_DIR: '/proc/evidence' })).message, /cannot be used/);
  assert.match((await refused({ CB_PLAYBOOK_EVIDENCE_DIR: fileWith('') })).message, /is no folder/);
});

it('a certificate, a proxy or a name of the server that cannot be is a setting to correct', async () => {
  const https = { CBAPI_URL: 'https://127.0.0.1:1' };
  assert.equal((await refused({ ...https, CBAPI_SSL_CERT_FILE: '/nowhere.pem' })).code, 'cb-configuration');
  assert.equal((await refused({ CB_SERVER_NAME: 'a\nb' })).code, 'cb-configuration');
  assert.equal((await refused({ CB_PLAYBOOK_NOTIFY_CONTAINED: 'maybe' })).code, 'bad-setting');
  const endless = { ...RIGHT, ...https, CBAPI_SSL_CERT_FILE: '/dev/zero' };
  assert.throws(() => new CbResponse(loadCbResponseConfig({ env: endless })), CbConfigError);
});

it('TEMPORAL_TLS counts as true or false only where it says so: else a key would travel in clear text', async () => {
  for (const word of ['TRUE', 'yes', 'on']) {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_TLS: word };
    assert.throws(() => loadTemporalConfig(env), /TEMPORAL_TLS: It is neither true nor false/);
    await assert.rejects(createPlaybookClient({ env }), InvalidSettingError);
  }
});

it('an address, a key or a header of Temporal that cannot be right is told as that, and not quoted', async () => {
  for (const wrong of [
    { TEMPORAL_ADDRESS: '127.0.0.1:99999' },
    { TEMPORAL_ADDRESS: 'u:canary-4711@127.0.0.1:7' },
    { TEMPORAL_API_KEY: 'canary-4711\n' },
    { TEMPORAL_GRPC_META_AUTHORIZATION: 'canary-4711é' },
    { TEMPORAL_NAMESPACE: 'a\nb' },
    { TEMPORAL_CONFIG_FILE: '/' },
    { CB_PLAYBOOK_WEB_URL: 'canary-4711' },
  ]) {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', ...wrong };
    await assert.rejects(createPlaybookClient({ env }), (error: unknown) => {
      assert.ok(error instanceof InvalidSettingError, String(error));
      return !error.message.includes('canary') && error.expected !== null;
    });
    if (!('CB_PLAYBOOK_WEB_URL' in wrong)) assert.throws(() => loadTemporalConfig(env), WorkerStartError);
  }
});

it('values that JSON has no words for are mistakes like others', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  let deep: unknown = [];
  for (let i = 0; i < 50_000; i += 1) deep = [deep];
  for (const value of [10n, circle, deep, Number.NaN, Symbol('x')]) {
    assert.ok(!checkRequest({ hostname: value, processName: 'vnc.exe' }).ok);
    assert.ok(!checkPolicy({ ban: value }).ok);
  }
  const checked = checkRequest({ hostname: 'a', processName: 'b', 'host\u001b[2Jname': 1 });
  assert.equal(checked.ok ? '' : checked.mistakes[0]?.field, 'host\\u001b[2Jname');
});

it('a policy that holds itself, is nested without end, or has none, is refused with its place', () => {
  for (const text of ['protectedHosts: &a\n  names: [*a]\n', `ban: ${'['.repeat(50_000)}`]) {
    const read = readPolicyFile(fileWith(text));
    assert.ok(!read.ok && read.mistakes.every(({ problem }) => problem !== ''));
  }
  const endless = readPolicyFile('/dev/zero');
  assert.match(endless.ok ? '' : (endless.mistakes[0]?.problem ?? ''), /more than 1000000 bytes/);
});

it('a scenario that would fill the memory, or is another file, is refused, and not quoted', async () => {
  for (const scenario of [
    { name: 'x', sensors: [], fillerSensors: 1e12 },
    { name: 'x', sensors: [], binaries: { x: { bytes: 1e15 } } },
    { name: 'x', sensors: [{ hostname: 'a', registeredAgo: 1e300 }] },
  ])
    await assert.rejects(startSimulator({ scenario }), { name: 'ScenarioError' });
  const file = fileWith('canary-4711-canary-4711');
  const named = join(emptyFolder(), 'scenario.json');
  writeFileSync(named, 'canary-4711-canary-4711');
  await assert.rejects(
    startSimulator({ scenario: named }),
    (error: Error) => !error.message.includes('canary'),
  );
  assert.throws(
    () => findWorkflows(file),
    (error: Error) => !error.message.includes('canary'),
  );
});

it('what an operator says is checked before anybody is asked', async () => {
  const nobody = playbookClientOf({ options: { namespace: 'x' } } as never);
  for (const call of [
    nobody.decide('a', { decision: 'ask' as 'keep', reason: 'x' }),
    nobody.decide('a', { decision: 'keep', reason: ' ' }),
    nobody.approve('a', { digest: 'latest' }),
    nobody.deny('a', { reason: '' }),
    nobody.status(''),
    nobody.receipt('a\u0007'),
    nobody.cancel(undefined as never),
    nobody.isolate(5 as never, { reason: 'x' }),
  ])
    await assert.rejects(call, InvalidRequestError);
});

it('a wait that no timer can take is refused: it would end at once, with the run started', () => {
  assert.throws(() => durationOf('--wait', '9999d'), BadInputError);
  assert.equal(durationOf('--wait', '24d'), 24 * 86_400_000);
});

it('an error moves no cursor and fills no screen', () => {
  assert.equal(printable('a\u001b[2J\u202eb\nc'), 'a\\u001b[2J\\u202eb\nc');
  const short = shortened([...Array<string>(900).fill('x'), '  next: y'].join('\n')).split('\n');
  assert.equal(short.length, 18);
  assert.equal(short.at(-1), '  next: y');
  assert.match(short.at(-2) ?? '', /884 more lines/);
});
