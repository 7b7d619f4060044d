import type { ProofPart } from '../part.js';
import { selftest } from './selftest.js';

/** In the order in which they run: what takes seconds first. */
export const PARTS: readonly ProofPart[] = [selftest];
