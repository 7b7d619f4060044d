import type { BanReport } from './receipt.js';
import type { RunIdentity } from './run-identity.js';
import type { FrozenTarget } from './target.js';

export interface BanState {
  md5: string;
  /** `null`: no such ban. */
  before: { enabled: boolean; text: string; username: string | null } | null;
}

export interface BanInput {
  target: FrozenTarget;
  run: RunIdentity;
  md5: string;
  before: BanState['before'];
  deadline: number;
}

export interface UnbanResult {
  outcome: 'undone' | 'left' | 'failed' | 'nothing-to-undo';
  why: string | null;
  at: number;
}

export type BanResult = Pick<BanReport, 'outcome' | 'why'> & { at: number };

export interface HashLookup {
  target: FrozenTarget;
  guid: string;
  path: string;
  deadline: number;
  everyMs: number;
}

export interface HashResult {
  md5: string | null;
  /** Whether the GUID itself was found, or another start of the same path on the same sensor. */
  by: 'guid' | 'path' | null;
  at: number;
}

export interface HashesByNameInput {
  target: FrozenTarget;
  name: string;
  /** Of the frozen policy. Runs of older versions do not say. */
  protectedProcesses?: string[];
}

export interface HashesByNameResult {
  /** Upper case. */
  md5s: string[];
  /** Seen under a protected path too: they are not among the others, and not to be banned. */
  protectedMd5s: string[];
  incomplete: boolean;
}
