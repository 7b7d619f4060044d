import type { ContainmentStatus, ContainRequest, Decision } from '../../../contract/index.js';
import type { Containment, PlaybookTestEnvironment } from '../../../testing/index.js';
import { hostName } from '../../workflows/support/hosts.js';

export const statusOf = (run: Containment): Promise<ContainmentStatus> =>
  run.handle.query<ContainmentStatus>('status');

/** Until the run asks a person. */
export async function untilItAsks(env: PlaybookTestEnvironment, run: Containment): Promise<Containment> {
  for (let tries = 0; tries < 600; tries += 1) {
    await env.sleep('2s');
    if ((await statusOf(run)).step === 'ask') return run;
  }
  throw new Error('It never asked.');
}

/** A run under failure policy `ask`, up to the moment at which it asks. */
export async function asking(
  env: PlaybookTestEnvironment,
  n: number,
  more: Partial<ContainRequest> = {},
): Promise<Containment> {
  const request = { hostname: hostName(n), processName: 'evil.exe', onFailure: 'ask' as const, ...more };
  return await untilItAsks(env, await env.contain(request));
}

export const decide = (run: Containment, decision: Decision): Promise<unknown> =>
  run.handle.executeUpdate('decide', { args: [{ decision, who: 'ben', why: 'ticket 7' }] });
