import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { packageRoot } from '../scripts/temporal-binaries.mjs';
import { findWorkflows, workflowInterceptors } from '../worker/index.js';

/**
 * Path of a bundle of the playbook's workflows. Where there is no build beside this code, one is made and kept under
 * `.temporal/` by the content of its sources, so that only the first of many test files pays for it.
 */
export async function playbookBundle(): Promise<string> {
  const source = findWorkflows();
  if ('workflowBundle' in source) return source.workflowBundle.codePath;
  const folder = join(packageRoot(), '.temporal', 'bundles');
  const file = join(folder, `${digestOf(source.workflowsPath)}.js`);
  if (existsSync(file)) return file;
  const { code } = await bundleWorkflowCode({
    workflowsPath: source.workflowsPath,
    workflowInterceptorModules: workflowInterceptors(),
    preloadModules: sharedModules(source.workflowsPath),
    logger: new DefaultLogger('ERROR'),
  });
  mkdirSync(folder, { recursive: true });
  // Test files run side by side: none may read what another has half written.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, code);
  renameSync(unfinished, file);
  dropOld(folder);
  return file;
}

/** The modules that the shipped bundle shares among workflows (scripts/bundle.mjs). */
function sharedModules(entry: string): string[] {
  const workflows = dirname(entry);
  const modules = readdirSync(workflows).filter((name) => name.endsWith('.ts') && name !== 'index.ts');
  return [
    '@temporalio/workflow',
    '@temporalio/common',
    join(dirname(workflows), 'contract', 'index.ts'),
    ...modules.sort().map((name) => join(workflows, name)),
  ];
}

const A_DAY_MS = 86_400_000;

/** Every change of a source makes another bundle of two megabytes. */
function dropOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (made !== undefined && Date.now() - made > A_DAY_MS) rmSync(path, { force: true });
  }
}

function digestOf(entry: string): string {
  const workflows = dirname(entry);
  const sdk = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  const digest = createHash('sha256').update(`${sdk.version}, shared modules, interceptors`);
  for (const folder of [workflows, join(dirname(workflows), 'contract')]) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const name of files.filter((path) => path.endsWith('.ts')).sort()) {
      digest.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
    }
  }
  return digest.digest('hex').slice(0, 16);
}
