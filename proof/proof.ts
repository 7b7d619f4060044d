import type { Machine } from '../bench/measure/machine.js';
import type { PartResult } from './part.js';

/** One part that ran. */
export interface PartRun extends PartResult {
  name: string;
  /** ISO 8601, at its start. */
  at: string;
  tookSeconds: number;
}

/** What one run of `npm run proof` found. */
export interface Proof {
  schema: 'cb-response-playbook/proof/v1';
  /** ISO 8601, at its start. */
  at: string;
  machine: Machine;
  seed: number;
  parts: PartRun[];
}
