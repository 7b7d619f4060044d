/** What keeps a containment from starting: found by preflight, before anything is changed. */
export interface Objection {
  type: string;
  message: string;
  /** A command or setting that would settle it. */
  settledBy: string;
}
