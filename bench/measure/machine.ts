import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { requireTemporalBinary } from '../../scripts/temporal-binaries.mjs';
import { projectRoot } from '../../test/support/worker-process.js';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  temporal: string;
  /** Of the minute before the start: what else the machine was doing. */
  loadBefore: number;
  /** Short id; `+` where files were changed since. `null` outside a git checkout. */
  commit: string | null;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    temporal: said(requireTemporalBinary('cli'), ['--version']) ?? 'unknown',
    loadBefore: Math.round((loadavg()[0] ?? NaN) * 100) / 100,
    commit: commit(),
  };
}

function commit(): string | null {
  const id = said('git', ['rev-parse', '--short', 'HEAD']);
  return id === null ? null : `${id}${said('git', ['status', '--porcelain', '-uno']) === '' ? '' : '+'}`;
}

function said(command: string, args: string[]): string | null {
  try {
    return execFileSync(command, args, {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
