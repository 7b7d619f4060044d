import type { Checkin } from './checkin.js';
import type { Objection } from './objection.js';
import type { FrozenPolicy, OverridableRule } from './policy.js';
import type { Surroundings } from './surroundings.js';
import type { Target } from './target.js';

export interface ResolveResult {
  target: Target;
  checkin: Checkin;
  wish: boolean;
  fact: boolean;
  supportsIsolation: boolean;
  supportsLiveResponse: boolean;
  surroundings: Surroundings;
  /** The worker's policy, made stricter by the request's: frozen for the whole run. */
  guard: FrozenPolicy;
  /** The worker's clock when it answered. */
  at: number;
  /** Workers of this version serve `readProgress`; histories of older ones know nothing of it. */
  readsProgress?: true;
}

export interface PreflightResult {
  objections: Objection[];
  notes: string[];
  /** Whether a ban is enforced on the target: server and group both have banning on; `null` where it could not be read. */
  banningEnforced: boolean | null;
  /** Live Response sessions of this sensor that others hold. */
  occupiedSessions: number[];
  /** What would have been an objection, had nobody overridden the rule. */
  letThrough: { rule: OverridableRule; what: string }[];
}
