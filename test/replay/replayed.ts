import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { HISTORIES, type Manifest, versionsOf } from './manifest.js';

export interface Recorded {
  workflowId: string;
  history: { events: Record<string, { activityType?: { name: string } } | undefined>[] };
}

/** Every recorded run of every version: `0.1.0/contained`. */
export function shapesOf(manifest: Manifest): string[] {
  return versionsOf(manifest).flatMap((version) =>
    Object.keys(manifest[version]?.histories ?? {}).map((file) => `${version}/${file.replace('.json', '')}`),
  );
}

export function recorded(shape: string): Recorded {
  return JSON.parse(readFileSync(join(HISTORIES, `${shape}.json`), 'utf8')) as Recorded;
}

/** What these workflows do differently from what is recorded, in the order of the runs; `null` where nothing. */
export async function replayed(
  bundle: { code: string } | { codePath: string },
  runs: readonly Recorded[],
): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, runs)) {
    if (workflowId !== runs[found.length]?.workflowId) throw new Error('Replays came in another order.');
    found.push(error ? `${error.name}: ${error.message}` : null);
  }
  if (found.length !== runs.length) throw new Error(`${found.length} of ${runs.length} runs were replayed.`);
  return found;
}
