/** All times that activities exchange are milliseconds since 1970. */
export interface Checkin {
  intervalMs: number;
  lastAt: number | null;
  nextAt: number | null;
  /** False when the sensor is past its expected check-in, or says it is offline. */
  online: boolean;
  /** Changes at every start of the host; `null` where the server does not say. */
  bootId: string | null;
}
