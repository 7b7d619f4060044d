import type { ProofPart } from '../part.js';
import { badInput } from './bad-input.js';
import { secrets } from './secrets.js';

/** In the order in which they run: what takes seconds first. */
export const PARTS: readonly ProofPart[] = [secrets, badInput];
