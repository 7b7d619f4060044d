// Alone in its process: it installs a Temporal runtime of its own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { VERDICTS, WORKFLOW_TYPES } from '../../contract/index.js';
import { playbookBundle } from '../../testing/index.js';
import { howToPatch } from './how-to-patch.js';
import { readManifest } from './manifest.js';
import { recorded, replayed, shapesOf, type Recorded } from './replayed.js';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
});
const shapes = shapesOf(readManifest());
const contained = shapes.find((shape) => shape.endsWith('/contained')) ?? '';
let codePath: string;
let results: Map<string, string | null>;

before(async () => {
  codePath = await playbookBundle();
  const found = await replayed({ codePath }, shapes.map(recorded));
  results = new Map(shapes.map((shape, i) => [shape, found[i] ?? null]));
});

describe('A recorded run', () => {
  it('is there of every workflow and in every verdict', () => {
    const runs = shapes.map(recorded);
    const types = new Set(runs.map(typeOf));
    assert.deepEqual(
      Object.values(WORKFLOW_TYPES).filter((type) => !types.has(type)),
      [],
    );
    const ends = runs.map((run) => JSON.stringify(run.history.events.slice(-3)));
    const verdicts = VERDICTS.filter((verdict) => !ends.some((end) => saysVerdict(end, verdict)));
    assert.deepEqual(verdicts, []);
  });

  for (const shape of shapes) {
    it(`does today what it did: ${shape}`, () => {
      const difference = results.get(shape) ?? null;
      assert.ok(difference === null, howToPatch(shape, difference ?? ''));
    });
  }
});

/** Payloads are base64 of JSON: of a memo, a result or a failure's details. */
function saysVerdict(end: string, verdict: string): boolean {
  return [...end.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].some(([, data]) =>
    Buffer.from(data as string, 'base64')
      .toString('utf8')
      .includes(`"verdict":"${verdict}"`),
  );
}

function typeOf({ history }: Recorded): string | undefined {
  const started = history.events[0]?.['workflowExecutionStartedEventAttributes'];
  return (started as { workflowType?: { name: string } } | undefined)?.workflowType?.name;
}

describe('A recorded run that is spoiled on purpose', () => {
  const scheduled = (run: Recorded, activity: string) => {
    const found = run.history.events.find(
      (e) => e['activityTaskScheduledEventAttributes']?.activityType?.name === activity,
    )?.['activityTaskScheduledEventAttributes']?.activityType;
    assert.ok(found, `${activity} is scheduled`);
    return found;
  };
  const differenceOf = async (run: Recorded): Promise<string> =>
    (await replayed({ codePath }, [run]))[0] ?? 'no difference';

  it('is caught where another activity ran', async () => {
    const run = recorded(contained);
    scheduled(run, 'isolate').name = 'unisolate';
    assert.match(await differenceOf(run), /Determinism|Nondeterminism/i);
  });

  it('is caught where two steps changed places', async () => {
    const run = recorded(contained);
    const [resolve, preflight] = [scheduled(run, 'resolve'), scheduled(run, 'preflight')];
    [resolve.name, preflight.name] = [preflight.name, resolve.name];
    assert.match(await differenceOf(run), /Determinism|Nondeterminism/i);
  });
});

describe('Workflow code that was changed without a patch', () => {
  const CALL = "run)('preflight',";

  it('is caught by every run that came so far, and the message says how to patch', async () => {
    const code = readFileSync(codePath, 'utf8');
    assert.equal(code.split(CALL).length, 2, 'the bundle has this one call');
    const changed = code.replace(CALL, CALL.replace('preflight', 'readWish'));
    const [difference, untouched] = await replayed({ code: changed }, [
      recorded(contained),
      recorded(contained.replace('/contained', '/brakes')),
    ]);
    assert.equal(untouched, null, 'a workflow that was not changed');
    const message = howToPatch(contained, difference ?? '');
    assert.match(message, /Determinism|Nondeterminism/i);
    for (const word of ['patched(', 'deprecatePatch(', 'record.ts', 'docs/upgrades.md', contained])
      assert.ok(message.includes(word), word);
  });
});
