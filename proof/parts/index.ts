import type { ProofPart } from '../part.js';
import { killPoints } from './kill-points.js';
import { killWorlds } from './kill-worlds.js';
import { leaseModel } from './lease-model.js';
import { temporalLost } from './temporal-lost.js';
import { upgradePart } from './upgrade.js';

/** In the order in which they run: what takes seconds first. */
export const PARTS: readonly ProofPart[] = [killWorlds, leaseModel, temporalLost, killPoints, upgradePart];
