/**
 * Milliseconds since the epoch of a server time such as `2018-02-06 12:45:03.881351-06:00`: blank or `T`, up to nine
 * digits of a fraction (cut to milliseconds), an offset or `Z` (API reference 3.4, 5.3). No offset counts as UTC. Null when
 * it is none: `new Date()` would read the blank form by its own rules.
 */
export function parseServerTime(text: string | null | undefined): number | null {
  const parts = TIME.exec(text?.trim() ?? '');
  if (parts === null) return null;
  const [, date, time, fraction = '', sign, hours = '0', minutes = '0'] = parts;
  const atUtc = Date.parse(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  if (Number.isNaN(atUtc)) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? atUtc + offset : atUtc - offset;
}

/** Milliseconds of the float seconds that Live Response uses. */
export function fromEpochSeconds(seconds: number | null | undefined): number | null {
  return seconds == null ? null : Math.round(seconds * 1000);
}

const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?\s*(?:Z|([+-])(\d\d):?(\d\d)?)?$/;
