import type { ProofPart } from '../part.js';
import { killPoints } from './kill-points.js';

/** In the order in which they run: what takes seconds first. */
export const PARTS: readonly ProofPart[] = [killPoints];
