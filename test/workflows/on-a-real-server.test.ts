import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { cancelRun } from '../../client/cancel.js';
import { createPlaybookClient, type PlaybookClient } from '../../client/index.js';
import { NoSuchRunError } from '../../client/errors.js';
import { leaseId, type LeaseState, QUERIES, type Receipt } from '../../contract/index.js';
import { createDevServerEnvironment, type DevServerEnvironment } from '../../testing/index.js';
import { aftermath } from './support/aftermath.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from './support/hosts.js';
import { waitFor } from '../support/wait-for.js';
import { summariesOf } from './support/history.js';
import { namespaceOfItsOwn } from '../support/shared-dev-server.js';

/** What the time-skipping server cannot show: search attributes, and a run that is terminated under its activity. */
let env: DevServerEnvironment;
before(async () => {
  env = await createDevServerEnvironment({
    scenario: fleet(5),
    checkinSeconds: 1,
    on: await namespaceOfItsOwn(),
  });
});
after(async () => {
  if (env === undefined) return;
  try {
    assert.ok((await env.replayAll()) >= 2);
  } finally {
    await env.close();
  }
});

const isolated = async (n: number) => (await aftermath(env, n, { path: EVIL_PATH, md5s: [] })).fact;

describe('The search attributes of a run', () => {
  it('say host, sensor, step and verdict', async () => {
    const run = await env.contain({ hostname: hostName(1), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    const { typedSearchAttributes } = await run.handle.describe();
    const found = Object.fromEntries(
      typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    assert.deepEqual(
      { ...found, BuildIds: undefined },
      { CbHost: 'host-1', CbSensorId: 1, CbStep: 'closed', CbVerdict: 'contained', BuildIds: undefined },
    );
  });
});

describe('What a person sees of a run in Temporal Web', () => {
  it('is found by host, step and verdict, and says what it is, how far it is, and with which pids and hashes', async () => {
    const playbook = await createPlaybookClient({ client: env.client });
    const receipt = await contained(playbook);
    const query = `CbHost = "host-5" AND CbStep = "closed" AND CbVerdict = "contained"`;
    const rows = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const row of env.client.workflow.list({ query })) found.push(row.runId);
      return found;
    };
    assert.deepEqual(
      await waitFor('the list to show it', async () => {
        const found = await rows();
        return found.length > 0 ? found : undefined;
      }),
      [receipt.runId],
    );
    const handle = env.client.workflow.getHandle(receipt.workflowId);
    const summary = await (await handle.describe()).staticSummary();
    assert.match(summary ?? '', /host-5/i);
    assert.match(summary ?? '', /evil\.exe/);
    const details = await detailsOf(receipt.workflowId);
    assert.match(details, /^### CONTAINED · HOST-5/);
    assert.match(details, /\| kill \| 1 of 1 dead \(pid 2400\) \|/);
    assert.ok(details.includes(evilMd5(5)), details);
    const summaries = await summariesOf(env.client.workflow.getHandle(leaseId(5)));
    assert.ok(summaries.includes('Until the next end or reminder of HOST-5'), summaries.join(' | '));
    for (const text of summaries) assert.match(text, /HOST-5/);
  });
});

async function contained(playbook: PlaybookClient): Promise<Receipt> {
  const run = await playbook.containEndpoint({ hostname: hostName(5), processName: 'evil.exe' });
  return await run.waitForReceipt();
}

/** The current details, as Temporal Web asks for them. */
async function detailsOf(workflowId: string): Promise<string> {
  const metadata = await env.client.workflow
    .getHandle(workflowId)
    .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

describe('A run that closes between the look at it and a cancel that changes its policy', () => {
  it('has nothing left to cancel, in words', async () => {
    const session = { client: env.client, namespace: env.namespace, address: '', webBase: null };
    const run = await env.contain({ hostname: hostName(4), kill: false });
    const running = await run.handle.describe();
    assert.equal(running.status.name, 'RUNNING');
    await run.outcome();
    await assert.rejects(cancelRun(session, running, { policy: 'keep', who: 'ben' }), (error) => {
      assert.ok(error instanceof NoSuchRunError, String(error));
      assert.match(error.message, /has closed \(meanwhile\)/);
      return true;
    });
  });
});

describe('A run that is terminated', () => {
  it('leaves its host isolated beyond the end of its lease, and the lease says why', async () => {
    const hold = env.simulator.hold({ method: 'POST', route: '/api/v1/cblr/session', when: 'before' });
    const run = await env.contain({ hostname: hostName(2), processName: 'evil.exe', lease: '2s' });
    await hold.arrived;
    await run.handle.terminate('an accident');
    hold.cut();
    let kept: string | null | undefined = null;
    for (let i = 0; i < 100 && !kept; i += 1) {
      await sleep(100);
      const lease = env.client.workflow.getHandle(leaseId(2));
      kept = (await lease.query<LeaseState>(QUERIES.holds)).holds[0]?.keptBecause;
    }
    assert.match(kept ?? '', /ended from outside/);
    assert.equal(await isolated(2), true);
  });
});

describe('A cancel while the server is down', () => {
  it('ends the run at once where nothing was changed', async () => {
    const fault = env.simulator.faults.add({ method: 'GET', route: '/api/info', kind: 'html-502' });
    const run = await env.contain({ hostname: hostName(3), processName: 'evil.exe' });
    while (fault.hits() < 2) await sleep(20);
    const asked = Date.now();
    await run.handle.cancel();
    const { closed, receipt } = await run.outcome();
    fault.remove();
    assert.deepEqual([closed, receipt?.verdict], ['cancelled', 'not-contained']);
    assert.ok(Date.now() - asked < 3_000, `${Date.now() - asked} ms`);
  });
});
