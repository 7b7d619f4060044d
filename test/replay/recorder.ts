import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { ContainRequest } from '../../contract/index.js';
import type { EnvironmentOptions, PlaybookTestEnvironment } from '../../testing/index.js';
import { hostName } from '../workflows/support/hosts.js';
import { HISTORIES, sumOf } from './manifest.js';

export const EVIL = { processName: 'evil.exe' } as const;

/** Runs that are made in one environment, one after the other. */
export interface Shapes {
  options: () => EnvironmentOptions | Promise<EnvironmentOptions>;
  record: (env: PlaybookTestEnvironment, keep: Recorder) => Promise<void>;
  close?: () => Promise<void>;
}

/** A history that grows past this says that its run does too much for one shape, in bytes. */
const LONGEST = 300_000;

/** Writes histories of one version into its folder, from an empty one on. */
export class Recorder {
  readonly sums: Record<string, string> = {};
  private readonly folder: string;

  constructor(version: string) {
    this.folder = join(HISTORIES, version);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  /** A containment of the nth host from start to end. */
  async contained(
    env: PlaybookTestEnvironment,
    name: string,
    n: number,
    request: Partial<ContainRequest> = EVIL,
  ): Promise<void> {
    const run = await env.contain({ hostname: hostName(n), ...request });
    await run.outcome();
    await this.run(env, name, run.workflowId, run.runId);
  }

  /** A run as it stands now, closed or not. One line a file; who recorded it is nobody's business. */
  async run(env: PlaybookTestEnvironment, name: string, workflowId: string, runId?: string): Promise<void> {
    const handle = env.client.workflow.getHandle(workflowId, runId);
    const history: unknown = historyToJSON(await handle.fetchHistory());
    const json: unknown = typeof history === 'string' ? JSON.parse(history) : history;
    const { memo, status } = await handle.describe();
    const verdict = (memo?.['receipt'] as { verdict?: string } | undefined)?.verdict;
    const text = `${JSON.stringify({ workflowId, history: json }).replace(/"identity":"[^"]*"/g, '"identity":"worker"')}\n`;
    if (text.length > LONGEST) throw new Error(`${name} has ${text.length} bytes: more than ${LONGEST}.`);
    const file = `${name}.json`;
    if (file in this.sums) throw new Error(`${name} is recorded twice.`);
    writeFileSync(join(this.folder, file), text);
    this.sums[file] = sumOf(join(this.folder, file));
    process.stderr.write(`${name}: ${status.name} ${verdict ?? ''} ${text.length} bytes\n`);
  }
}
