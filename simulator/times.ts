import { repeatable } from './ids.js';

const two = (n: number): string => String(n).padStart(2, '0');

/** `2018-02-06 12:45:03.881351-06:00`: space, microseconds, the server's own offset (API reference 3.4). */
export function serverLocalTime(ms: number, offsetMinutes: number): string {
  const whole = Math.floor(ms);
  const local = new Date(whole + offsetMinutes * 60_000).toISOString();
  const micros = String(repeatable('micros', whole) % 1000).padStart(3, '0');
  const size = Math.abs(offsetMinutes);
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${local.slice(0, 10)} ${local.slice(11, 23)}${micros}${offset}`;
}

/** `2021-02-10T18:54:28.98Z`: a fraction of nought to three digits, as search rows have it (5.3). */
export function searchTime(ms: number): string {
  return new Date(Math.floor(ms)).toISOString().replace(/\.?0*Z$/, 'Z');
}

/** Seconds since 1970 with a fraction, as Live Response writes times. */
export function epochSeconds(ms: number): number {
  return ms / 1000;
}
