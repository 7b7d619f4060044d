import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { projectRoot } from '../support/worker-process.js';

describe('npx cb-playbook', () => {
  it('is the command line of the clone, once it is set up', async () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    // `--no`: nothing of that name is fetched from anywhere.
    const run = await promisify(execFile)('npx', ['--no', '--', 'cb-playbook', '--version'], {
      cwd: projectRoot,
    });
    assert.equal(run.stdout.trim(), version);
  });
});
