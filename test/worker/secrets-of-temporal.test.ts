import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { WorkerStartError } from '../../worker/index.js';
import { loadTemporalConfig } from '../../worker/temporal.js';

it('a mistake in the TOML file of Temporal is told without the lines around it: one may be the API key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cb-playbook-toml-'));
  try {
    const file = join(folder, 'temporal.toml');
    await writeFile(
      file,
      '[profile.default]\naddress = "localhost:7233"\napi_key = "canary-4711\nnamespace = "soc"\n',
    );
    assert.throws(
      () => loadTemporalConfig({ TEMPORAL_CONFIG_FILE: file }),
      (error: unknown) => {
        assert.ok(error instanceof WorkerStartError);
        assert.match(error.message, /Temporal configuration cannot be used/);
        assert.doesNotMatch(`${error.message}${error.stack}`, /canary-4711/);
        return true;
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
