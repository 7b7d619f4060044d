import type { OverridableRule } from '../contract/index.js';
import type { Containment } from './containment.js';

/** Rules that count as overridden: nobody overrides anything without saying why. */
export function overridden(run: Containment): OverridableRule[] {
  return run.overrides.filter((o) => o.why !== null && o.why.trim() !== '').map((o) => o.rule);
}
