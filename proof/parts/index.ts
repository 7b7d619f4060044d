import type { ProofPart } from '../part.js';
import { schedules } from './schedules.js';

/** In the order in which they run: what takes seconds first. */
export const PARTS: readonly ProofPart[] = [schedules];
