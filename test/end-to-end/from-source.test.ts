import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Receipt } from '../../contract/index.js';
import { Child } from '../support/child.js';
import { cleanEnv, projectRoot } from '../support/worker-process.js';
import { type HouseInOneProcess, startHouse } from './house.js';

describe('A worker from source, without a build', () => {
  let house: HouseInOneProcess;
  before(async () => (house = await startHouse()));
  after(() => house.stop());

  it('bundles the workflows itself, and contains a host', async () => {
    await house.stopWorkers();
    assert.ok(
      !existsSync(join(projectRoot, 'workflows', 'bundle.js')),
      'a bundle beside the sources is taken',
    );
    const entry = ['--import', 'tsx', join(projectRoot, 'cli', 'main.ts')];
    const worker = new Child(process.execPath, [...entry, 'worker'], cleanEnv(house.cbEnv), projectRoot);
    try {
      await worker.line('stdout', /"ready":true/);
      const run = { taskQueue: 'cb-response-playbook', workflowId: 'from-source' };
      const args = [{ hostname: 'win7pro64', processName: 'vnc.exe' }];
      const receipt: unknown = await house.client.workflow.execute('containEndpoint', { ...run, args });
      assert.equal((receipt as Receipt).verdict, 'contained');
    } finally {
      await worker.stop();
    }
  });
});
