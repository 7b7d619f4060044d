import type { ProofPart } from '../part.js';
import { runAttacks } from '../temporal-lost/run.js';

export const temporalLost: ProofPart = {
  name: 'temporal-lost',
  about: 'Temporal killed and started again, lines cut, clocks set, workers put to sleep',
  inCi: true,
  run: runAttacks,
};
