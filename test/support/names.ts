let last = 0;

/** A name nobody else has in this process: `run-1`, `run-2`, … */
export function freshName(prefix = 'run'): string {
  last += 1;
  return `${prefix}-${last}`;
}
