/** Workflow time in milliseconds since 1970: the time of the current workflow task, the same on replay. */
export function now(): number {
  return Date.now();
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
