import type { ProofPart } from '../part.js';
import { heldLeases } from './held-leases.js';
import { load } from './load.js';
import { throughput } from './throughput.js';

/** In the order in which they run: what takes seconds first. */
export const PARTS: readonly ProofPart[] = [load, heldLeases, throughput];
