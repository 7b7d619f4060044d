/** Longest that anything of this part may take, from a blow to the end of a run for instance, ms. */
export const LONGEST_MS = 5 * 60_000;

/** What the promise gives, or a failure that says what never came. */
export async function inTime<T>(what: string, promise: Promise<T>, ms = LONGEST_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`${what}: not after ${ms / 1_000} s.`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export class TooLate extends Error {
  override readonly name = 'TooLate';
}
