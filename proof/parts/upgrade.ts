import type { ProofPart } from '../part.js';
import { upgrade } from '../upgrade/upgrade.js';

export const upgradePart: ProofPart = {
  name: 'upgrade',
  about: 'runs begun by the oldest kept workflow bundle, ended by the workflows of today',
  inCi: true,
  run: upgrade,
};
