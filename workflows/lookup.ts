import type { HostOverview, LookupInput, ReconcileInput, Reconciliation } from '../contract/index.js';
import { run as activity } from './activities.js';
import { operatorRead, reconciling } from './timing.js';

/** A short run that tells sensor, lease and holders of one host: operator verbs need no Cb token of their own. */
export async function lookup(input: LookupInput): Promise<HostOverview> {
  const host = input.hostname ?? `sensor ${input.sensorId}`;
  return await activity('lookUp', operatorRead, `Look ${host} up`, input);
}

/** Compares the server's isolated sensors with the leases; takes up what is ours, and adopts only where asked. */
export async function reconcile(input: ReconcileInput): Promise<Reconciliation> {
  return await activity('reconcile', reconciling, 'Isolated sensors against leases', input);
}
