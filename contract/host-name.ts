/** The form a host name has in workflow ids: lower case, no trailing dot. */
export function hostForm(hostname: string): string {
  return hostname.trim().toLowerCase().replace(/\.$/, '');
}

/** Whether a name, already in {@link hostForm}, can name one host: `[a-z0-9._-]{1,253}`, so no wildcard and no blank. */
export function isHostForm(host: string): boolean {
  return /^[a-z0-9._-]{1,253}$/.test(host) && /[a-z0-9]/.test(host);
}

/** `contain/<host>`, or `contain/sensor-<n>` where only a sensor id is given; of a dry run `plan/…`, so that no alert joins it. */
export function containmentId(request: { hostname?: string; sensorId?: number; dryRun?: boolean }): string {
  const kind = request.dryRun === true ? 'plan' : 'contain';
  return request.hostname ? `${kind}/${hostForm(request.hostname)}` : `${kind}/sensor-${request.sensorId}`;
}

/** `isolation/<sensorId>`. */
export function leaseId(sensorId: number): string {
  return `isolation/${sensorId}`;
}

/** The sensor id in the first group of a process GUID (API reference 4.7), or `null` for what is no GUID. */
export function sensorIdOfGuid(guid: string): number | null {
  return PROCESS_GUID.test(guid) ? Number.parseInt(guid.slice(0, 8), 16) : null;
}

/** Sensor id (8) – pid (4-4) – creation FILETIME (4-12), in hex (API reference 4.7). */
export const PROCESS_GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
