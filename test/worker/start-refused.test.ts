import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { freePort, startDevServer, type DevServer } from '../../testing/index.js';
import type { Child } from '../support/child.js';
import { emptyFolder } from '../support/folders.js';
import { spawnWorker, type WorkerProcessSettings } from '../support/worker-process.js';

const CANARY = 'canary0canary1canary2canary3canary4canary';

let simulator: Simulator;
let temporal: DevServer;

before(async () => {
  [simulator, temporal] = await Promise.all([
    startSimulator({ scenario: 'evil-sticky-notes' }),
    startDevServer(),
  ]);
});
after(async () => {
  await simulator?.close();
  await temporal?.stop();
});

async function refusal(o: Partial<WorkerProcessSettings>): Promise<Child> {
  const child = spawnWorker({ simulator, temporalAddress: temporal.address, ...o });
  const { code } = await child.exited;
  assert.equal(code, 2, child.stderr);
  assert.doesNotMatch(child.stdout, /"ready"/);
  assert.doesNotMatch(child.stderr, /\n\s+at /, 'no stack trace');
  return child;
}

describe('A worker refuses to start', () => {
  it('with a token the server does not know, and does not print it', async () => {
    const { stdout, stderr } = await refusal({ simulator: { url: simulator.url, token: CANARY } });
    assert.match(stderr, /does not accept the API token/);
    assert.doesNotMatch(stdout + stderr, new RegExp(CANARY));
  });

  it('with a token the server does not know, even while Temporal is not there', async () => {
    const { stderr } = await refusal({
      simulator: { url: simulator.url, token: CANARY },
      temporalAddress: `127.0.0.1:${await freePort()}`,
    });
    assert.match(stderr, /does not accept the API token/);
  });

  it('at a server that is something else', async () => {
    const other = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const { stderr } = await refusal({ simulator: { url: `http://127.0.0.1:${port}`, token: CANARY } });
      assert.match(stderr, new RegExp(`127\\.0\\.0\\.1:${port} does not answer as a Cb Response server`));
    } finally {
      other.close();
    }
  });

  it('with a profile that no credentials file has', async () => {
    const { stderr } = await refusal({ profile: 'nosuch', env: { CBAPI_URL: '', CBAPI_TOKEN: '' } });
    assert.match(stderr, /nosuch/);
  });

  it('in a namespace that Temporal does not have', async () => {
    const { stderr } = await refusal({ namespace: 'nosuch' });
    assert.match(stderr, /has no namespace "nosuch"/);
  });

  it('with a metrics port that is taken', async () => {
    const taken = createSocket();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    try {
      const { stderr } = await refusal({ metricsPort: port });
      assert.match(stderr, new RegExp(`Metrics cannot be served on 127\\.0\\.0\\.1:${port}`));
    } finally {
      taken.close();
    }
  });

  it('with a workflow bundle that is not there', async () => {
    const { stderr } = await refusal({ bundle: 'nosuch.js' });
    assert.match(stderr, /no workflow bundle at nosuch\.js/);
  });

  it('with a policy that has mistakes, and tells each with its line', async () => {
    const file = join(emptyFolder(), 'company.yaml');
    writeFileSync(file, 'protectedHosts:\n  name: [dc*]\nban: {mostHosts: few}\n');
    const { stderr } = await refusal({ env: { CB_PLAYBOOK_POLICY: file } });
    assert.match(stderr, /company\.yaml:2: protectedHosts\.name: [\s\S]*company\.yaml:3: ban\.mostHosts: /);
  });

  it('with an evidence folder that cannot be one', async () => {
    const { stderr } = await refusal({ env: { CB_PLAYBOOK_EVIDENCE_DIR: process.execPath } });
    assert.match(stderr, /evidence folder .* cannot be used/);
  });

  it('with slots that are no number of slots', async () => {
    const { stderr } = await refusal({ slots: 1000 });
    assert.match(stderr, /--slots is "?1000"?/);
  });
});
