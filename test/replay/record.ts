/**
 * Records histories of runs of every shape into test/replay/histories/<version>/, where they stay for ever once the version
 * is released (docs/upgrades.md). Until then, whenever the workflows have changed: node --import tsx test/replay/record.ts
 */
import { createRequire } from 'node:module';
import { PLAYBOOK_VERSION } from '../../contract/index.js';
import { createPlaybookTestEnvironment } from '../../testing/index.js';
import { readManifest, unreleased, writeManifest } from './manifest.js';
import { Recorder } from './recorder.js';
import { containments } from './shapes/containments.js';
import { leases } from './shapes/leases.js';
import { lost } from './shapes/lost.js';
import { offline } from './shapes/offline.js';
import { questions } from './shapes/questions.js';

const sdk = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
const manifest = readManifest();
const kept = unreleased(manifest, PLAYBOOK_VERSION, sdk.version);
const recorder = new Recorder(PLAYBOOK_VERSION);

for (const shapes of [containments, questions, offline, leases, lost]) {
  const env = await createPlaybookTestEnvironment(await shapes.options());
  try {
    await shapes.record(env, recorder);
  } finally {
    await env.close();
    await shapes.close?.();
  }
}
writeManifest({ ...manifest, [PLAYBOOK_VERSION]: { ...kept, histories: recorder.sums } });
