/** Sensors have four digits, and hosts are named after their sensor: a workflow id of either kind tells whose it is. */
export const FIRST_HOST = 1_001;

export function hostnameOf(host: number): string {
  return `KP-${host}`;
}

/** No other host has it: a ban of a shared one would reach runs that are still to come. */
export function binaryOf(host: number): string {
  return `evil of ${hostnameOf(host)}`;
}

export function containmentOf(host: number): string {
  return `contain/${hostnameOf(host).toLowerCase()}`;
}

export function leaseOf(host: number): string {
  return `isolation/${host}`;
}

export function isHost(n: number): boolean {
  return n >= FIRST_HOST && n <= 9_999;
}

/** Whose workflow id it is, and of which kind; `null`: nobody's. */
export function ownerOf(workflowId: string): { host: number; of: 'containment' | 'lease' } | null {
  const found = /^(?:contain\/kp-|isolation\/)(\d{4})$/.exec(workflowId);
  if (found === null) return null;
  return { host: Number(found[1]), of: workflowId.startsWith('contain') ? 'containment' : 'lease' };
}
