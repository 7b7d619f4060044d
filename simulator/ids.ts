/** Process GUIDs as recorded (API reference 4.7): sensor id, pid, and creation time as a FILETIME. */
const EPOCH_1601_MS = 11_644_473_600_000n;

/** 100 ns ticks since 1601-01-01; `ticks` (0–9999) is the part below a millisecond. */
export function filetime(ms: number, ticks = 0): bigint {
  return (BigInt(Math.floor(ms)) + EPOCH_1601_MS) * 10_000n + BigInt(ticks);
}

export function processGuid(sensorId: number, pid: number, created: bigint): string {
  const time = created.toString(16).padStart(16, '0');
  const hexPid = (pid >>> 0).toString(16).padStart(8, '0');
  return [
    (sensorId >>> 0).toString(16).padStart(8, '0'),
    hexPid.slice(0, 4),
    hexPid.slice(4),
    time.slice(0, 4),
    time.slice(4),
  ].join('-');
}

/** A repeatable number from 0 to 4294967295 for these parts (FNV-1a): variety without chance. */
export function repeatable(...parts: (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join('\u0000')) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d) >>> 0;
  return (hash ^ (hash >>> 13)) >>> 0;
}
