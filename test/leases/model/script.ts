import fc from 'fast-check';

/** What happens to one sensor in one round, before time passes. */
export type Op =
  | { do: 'nothing' }
  /** A new holder, until given back or for so many rounds. */
  | { do: 'hold'; rounds: number | null }
  /** Of the `which`th hold that stands, counted round; nothing where none does. */
  | { do: 'extend'; which: number; rounds: number | null }
  | { do: 'release'; which: number }
  /** Somebody at the console. */
  | { do: 'console'; wish: boolean }
  /** The lease is terminated in Temporal. */
  | { do: 'terminate' }
  /** What `leases --reconcile` does for this sensor. */
  | { do: 'take-up' };

export type Script = Op[];

export const ROUNDS = 6;

const which = fc.nat({ max: 3 });
const rounds = fc.option(fc.integer({ min: 1, max: 3 }), { freq: 2 });
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('hold' as const), rounds }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('extend' as const), which, rounds }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('console' as const), wish: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ do: 'terminate' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'take-up' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'nothing' as const }) },
);

export const scripts: fc.Arbitrary<Script> = fc.array(op, { minLength: 1, maxLength: ROUNDS });

/** The script of one seed: the same one for ever. */
export function scriptOf(seed: number): Script {
  const [script] = fc.sample(scripts, { seed, numRuns: 1 });
  return script as Script;
}
