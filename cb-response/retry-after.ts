/**
 * Milliseconds to wait by a `Retry-After` header: whole seconds or an HTTP date. Null when absent or unreadable.
 * @param now ms since the epoch; best the same answer's `Date`, for the date is the server's clock's
 */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  const text = value?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
