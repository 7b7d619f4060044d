/** What a lease does when somebody else changes the wish while we hold: tell people, or write it once more and tell. */
export const DRIFT_POLICIES = ['tell', 'reassert'] as const;
export type DriftPolicy = (typeof DRIFT_POLICIES)[number];
