// Alone in its process: it installs a Temporal runtime of its own.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { playbookBundle } from '../../testing/index.js';

interface Recorded {
  workflowId: string;
  history: { events: Record<string, { activityType?: { name: string } } | undefined>[] };
}

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
});
const folder = join(fileURLToPath(new URL('.', import.meta.url)), 'histories');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string): Recorded => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded;

/** What today's workflows do differently from what is recorded, or null. */
async function difference(recorded: Recorded): Promise<string | null> {
  const codePath = await playbookBundle();
  const results = Worker.runReplayHistories({ workflowBundle: { codePath } }, [recorded]);
  for await (const { error } of results) return error ? `${error.name}: ${error.message}` : null;
  throw new Error('Nothing was replayed.');
}

describe('A recorded run', () => {
  it('is there in every shape', () => {
    assert.ok(files.length >= 9, files.join());
  });

  for (const name of files) {
    it(`does today what it did: ${name.replace('.json', '')}`, async () => {
      assert.equal(await difference(read(name)), null);
    });
  }
});

describe('A recorded run that is spoiled on purpose', () => {
  const scheduled = (recorded: Recorded, activity: string) => {
    const found = recorded.history.events.find(
      (e) => e['activityTaskScheduledEventAttributes']?.activityType?.name === activity,
    )?.['activityTaskScheduledEventAttributes']?.activityType;
    assert.ok(found, `${activity} is scheduled`);
    return found;
  };

  it('is caught where another activity ran', async () => {
    const recorded = read('contained.json');
    scheduled(recorded, 'isolate').name = 'unisolate';
    assert.match((await difference(recorded)) ?? 'no difference', /Determinism|Nondeterminism/i);
  });

  it('is caught where two steps changed places', async () => {
    const recorded = read('contained.json');
    const [resolve, preflight] = [scheduled(recorded, 'resolve'), scheduled(recorded, 'preflight')];
    [resolve.name, preflight.name] = [preflight.name, resolve.name];
    assert.match((await difference(recorded)) ?? 'no difference', /Determinism|Nondeterminism/i);
  });
});
