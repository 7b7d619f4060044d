/** What a process GUID says (API reference 4.7). `createTime` in whole seconds since the epoch. */
export interface ProcessGuidParts {
  sensorId: number;
  pid: number;
  createTime: number;
}

const GUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
const TICKS_PER_SECOND = 10_000_000n;
const SECONDS_FROM_1601_TO_1970 = 11_644_473_600n;

/** Null when it is not a 36-character GUID. A unique id (GUID and segment) is cut first. */
export function parseProcessGuid(guid: string): ProcessGuidParts | null {
  const parts = GUID.exec(normalGuid(guid));
  if (parts === null) return null;
  const [, sensor, pidHigh, pidLow, timeHigh, timeLow] = parts;
  const seconds = BigInt(`0x${timeHigh}${timeLow}`) / TICKS_PER_SECOND - SECONDS_FROM_1601_TO_1970;
  return {
    sensorId: Number(`0x${sensor}`),
    pid: Number(`0x${pidHigh}${pidLow}`),
    createTime: Number(seconds),
  };
}

/** Lower case, without the segment that follows the 36 characters in a unique id. */
export function normalGuid(guid: string): string {
  return guid.trim().toLowerCase().slice(0, 36);
}

/** Rows whose id contains `ffff-ffff` (pid -1) are placeholders, not processes (API reference 5.3). */
export function isPlaceholderGuid(guid: string): boolean {
  return guid.toLowerCase().includes('-ffff-ffff-');
}
