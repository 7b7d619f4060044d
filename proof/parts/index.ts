import type { ProofPart } from '../part.js';
import { temporalLost } from './temporal-lost.js';
import { upgradePart } from './upgrade.js';

/** In the order in which they run: what takes seconds first. */
export const PARTS: readonly ProofPart[] = [upgradePart, temporalLost];
