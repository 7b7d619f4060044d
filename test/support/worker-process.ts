import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBuilt } from '../../scripts/set-up/build-stamp.mjs';
import type { ReadyLine } from '../../worker/index.js';
import { Child } from './child.js';
import { emptyFolder } from './folders.js';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface WorkerProcessSettings {
  simulator: { url: string; token: string };
  temporalAddress: string;
  namespace?: string;
  slots?: number;
  metricsPort?: number;
  profile?: string;
  bundle?: string;
  env?: NodeJS.ProcessEnv;
}

/** An environment without the caller's credentials, proxies and Temporal settings. */
export function cleanEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const home = emptyFolder();
  return { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home, TZ: 'UTC', ...more };
}

/** Built code with its bundle where the build is of these very sources (`npm test` sees to it), else the sources. */
function entry(): string[] {
  if (isBuilt(projectRoot)) return [join(projectRoot, 'dist', 'cli', 'main.js')];
  return ['--import', 'tsx', join(projectRoot, 'cli', 'main.ts')];
}

/** For processes that live for seconds: what the optimizing compiler would gain is less than it costs. */
export const QUICK_NODE = ['--no-opt'];

/** Starts `cb-playbook worker` as a process of its own; it may not be polling yet. */
export function spawnWorker(o: WorkerProcessSettings): Child {
  const flags = [
    ...(o.slots === undefined ? [] : ['--slots', String(o.slots)]),
    ...(o.metricsPort === undefined ? [] : ['--metrics-port', String(o.metricsPort)]),
    ...(o.profile === undefined ? [] : ['--profile', o.profile]),
    ...(o.bundle === undefined ? [] : ['--bundle', o.bundle]),
  ];
  const env = cleanEnv({
    CBAPI_URL: o.simulator.url,
    CBAPI_TOKEN: o.simulator.token,
    TEMPORAL_ADDRESS: o.temporalAddress,
    ...(o.namespace ? { TEMPORAL_NAMESPACE: o.namespace } : {}),
    ...o.env,
  });
  return new Child(process.execPath, [...QUICK_NODE, ...entry(), 'worker', ...flags], env, projectRoot);
}

/** The same, and waits until it polls. */
export async function startWorker(o: WorkerProcessSettings): Promise<{ child: Child; ready: ReadyLine }> {
  const child = spawnWorker(o);
  const ready = JSON.parse(await child.line('stdout', /"ready":true/)) as ReadyLine;
  return { child, ready };
}
