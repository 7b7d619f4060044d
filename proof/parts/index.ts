import type { ProofPart } from '../part.js';
import { badInput } from './bad-input.js';
import { crashes } from './crashes.js';
import { heldLeases } from './held-leases.js';
import { killPoints } from './kill-points.js';
import { killWorlds } from './kill-worlds.js';
import { leaseModel } from './lease-model.js';
import { load } from './load.js';
import { oneFault } from './one-fault.js';
import { openQuestions } from './open-questions.js';
import { schedules } from './schedules.js';
import { secrets } from './secrets.js';
import { selftest } from './selftest.js';
import { temporalLost } from './temporal-lost.js';
import { throughput } from './throughput.js';
import { upgradePart } from './upgrade.js';

/** In the order in which they run: what takes seconds first. */
export const PARTS: readonly ProofPart[] = [
  badInput,
  killWorlds,
  openQuestions,
  oneFault,
  crashes,
  upgradePart,
  selftest,
  secrets,
  leaseModel,
  temporalLost,
  killPoints,
  schedules,
  heldLeases,
  load,
  throughput,
];
