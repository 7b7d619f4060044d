/**
 * Milliseconds to wait by a `Retry-After` header: whole seconds or an HTTP date. Null when absent or unreadable.
 * @param serversNow ms since the epoch by the same answer's `Date`: the two dates are one clock's. NaN when it had none;
 * a date then says nothing.
 */
export function parseRetryAfter(value: string | undefined, serversNow: number): number | null {
  const text = value?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date - serversNow) ? null : Math.max(0, date - serversNow);
}
