import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of one demo. */
export interface DemoFiles {
  database: string;
  /** An empty configuration file: the demo must never read where a person's own Temporal is. */
  temporalConfig: string;
  remove(): void;
}

/** A new database below the project's `.temporal/demo`; those of demos that have ended are removed. */
export function demoFiles(root: string, now: number): DemoFiles {
  const folder = writableFolder(root);
  for (const name of readdirSync(folder)) {
    const pid = /^(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, name), { force: true });
  }
  const stem = `${process.pid}-${now}`;
  const temporalConfig = join(folder, `${stem}.toml`);
  // An entirely empty file makes the SDK's reader fail.
  writeFileSync(temporalConfig, '[profile.default]\n');
  return {
    database: join(folder, `${stem}.db`),
    temporalConfig,
    remove() {
      for (const name of readdirSync(folder)) {
        if (name.startsWith(stem)) rmSync(join(folder, name), { force: true });
      }
    },
  };
}

function writableFolder(root: string): string {
  const own = join(root, '.temporal', 'demo');
  try {
    mkdirSync(own, { recursive: true });
    return own;
  } catch {
    // Installed where only an administrator may write.
    const other = join(tmpdir(), 'cb-playbook-demo');
    mkdirSync(other, { recursive: true });
    return other;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
