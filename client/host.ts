import { lookAtHost } from './await-host.js';
import { NoWorkerError } from './errors.js';
import type { HostStatus } from './host-types.js';
import { HostLookupError } from './lease-errors.js';
import { leaseOfSensor } from './leases.js';
import { hostOf, type LookupOptions } from './lookup.js';
import type { Session } from './session.js';

/**
 * What is known of a host's isolation now. Where no worker or no Cb server answers, a host that was named by its sensor or
 * its lease is told from what the lease knows itself.
 */
export async function hostStatusOf(
  session: Session,
  text: string,
  o: LookupOptions = {},
): Promise<HostStatus> {
  const input = await hostOf(session, text);
  try {
    return (await lookAtHost(session, input, o)).host;
  } catch (error) {
    const silent =
      error instanceof NoWorkerError ||
      (error instanceof HostLookupError && error.code === 'ServerUnavailable');
    if (!silent || input.sensorId === undefined) throw error;
    const known = await leaseOfSensor(session, input.sensorId);
    if (known === null) throw error;
    return known;
  }
}
