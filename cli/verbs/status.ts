import type { HostStatus } from '../../client/host-types.js';
import type { PlaybookClient } from '../../client/playbook-client.js';
import type { BrakesState, ContainmentStatus } from '../../contract/index.js';
import { checkRunId } from '../operator-check.js';
import type { Output } from '../output.js';
import { pausedLine } from '../text/brakes.js';
import { hostText } from '../text/host.js';
import { statusText } from '../text/status.js';
import { withClient } from '../with-client.js';

/** A person waits: a Cb server that is silent for longer is not worth it, for the lease knows what it saw last. */
const PATIENCE_MS = 8_000;

/**
 * `cb-playbook status`: what a run is doing, or did, and how its host is isolated now; also of a host that only has a lease.
 */
export async function status(id: string, output: Output): Promise<number> {
  checkRunId(id);
  return await withClient(async (playbook) => {
    const [run, brakes] = await Promise.all([runOf(playbook, id), brakesOf(playbook)]);
    const below = brakes === null ? null : pausedLine(brakes);
    const withPause = (text: string): string => (below === null ? text : `${text}\n\n${below}`);
    if ('error' in run) {
      const host = await hostOf(playbook, id, run.error);
      const { summary } = host;
      output.answer(
        { workflowId: null, runId: null, step: null, verdict: null, summary, host, brakes },
        withPause(hostText(host)),
      );
      return 0;
    }
    const link = playbook.webLink(run.workflowId, run.runId);
    const host = await isolationOf(playbook, run);
    output.answer({ ...run, host, brakes }, withPause(statusText(run, link, Date.now(), host)));
    return 0;
  });
}

async function runOf(playbook: PlaybookClient, id: string): Promise<ContainmentStatus | { error: unknown }> {
  const { NoSuchRunError } = await import('../../client/errors.js');
  try {
    return await playbook.status(id);
  } catch (error) {
    if (error instanceof NoSuchRunError) return { error };
    throw error;
  }
}

/** What cannot be asked takes nothing from what the run tells. */
async function brakesOf(playbook: PlaybookClient): Promise<BrakesState | null> {
  return await playbook.brakes().catch(() => null);
}

/** Of a host without a run. Where nobody can look it up, that no run was found is all there is to say. */
async function hostOf(playbook: PlaybookClient, id: string, noRun: unknown): Promise<HostStatus> {
  const { NoWorkerError, NoSuchRunError, InvalidRequestError } = await import('../../client/errors.js');
  const { HostLookupError } = await import('../../client/lease-errors.js');
  try {
    return await playbook.hostStatus(id, { waitMs: PATIENCE_MS });
  } catch (error) {
    if (error instanceof NoWorkerError || error instanceof InvalidRequestError) throw noRun;
    if (!(error instanceof HostLookupError && error.code === 'NoSuchHost')) throw error;
    throw new NoSuchRunError(`${(noRun as Error).message} ${error.message}`);
  }
}

/** The host's isolation beside its run; a server that cannot be asked takes nothing from what the run tells. */
async function isolationOf(playbook: PlaybookClient, run: ContainmentStatus): Promise<HostStatus | null> {
  if (run.target === null) return null;
  try {
    return await playbook.hostStatus(`sensor-${run.target.sensorId}`, { waitMs: PATIENCE_MS });
  } catch {
    return null;
  }
}
