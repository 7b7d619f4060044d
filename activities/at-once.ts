/** `work` on every item, at most so many at once, results in the order of the items; the first failure ends it. */
export async function atOnce<T, R>(
  most: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) {
      if (failed) return;
      try {
        results[i] = await work(item);
      } catch (err) {
        failed = true;
        throw err;
      }
    }
  };
  const workers = Array.from({ length: Math.min(most, items.length) }, worker);
  // All have come back before it fails: no request is under way when the next attempt begins.
  for (const done of await Promise.allSettled(workers)) if (done.status === 'rejected') throw done.reason;
  return results;
}
