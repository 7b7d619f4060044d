import type { ProofPart } from '../part.js';
import { killWorlds } from './kill-worlds.js';
import { leaseModel } from './lease-model.js';

/** In the order in which they run. */
export const PARTS: readonly ProofPart[] = [killWorlds, leaseModel];
