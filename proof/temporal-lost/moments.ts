import type { WorkflowHandle } from '@temporalio/client';
import type { ContainRequest, Verdict } from '../../contract/index.js';
import type { RequestMatch, Simulator } from '../../simulator/index.js';
import { count, effectsOn } from '../../test/chaos/effects.js';
import type { Host } from '../../test/chaos/fleet.js';
import { requestTo } from '../../test/chaos/points.js';
import { waitFor } from '../../test/support/wait-for.js';
import type { House } from './house.js';
import { inTime } from './in-time.js';

/** A moment of a run at which it can be made to stand, its own request waiting at the Cb server. */
export interface Moment {
  name: string;
  /** How a run that is struck at this moment ends, where nothing else is in its way. */
  verdict: Verdict;
  more?: (host: Host) => Partial<ContainRequest>;
  at: (host: Host) => RequestMatch & { when: 'before' | 'after' };
  /** The server refuses Live Response once the host's hash is banned: the run undoes what it did. */
  refused?: true;
}

export const MOMENTS: readonly Moment[] = [
  {
    name: 'the wish to isolate is out',
    verdict: 'contained',
    at: (h) => ({ ...requestTo.isolate(h), when: 'after' }),
  },
  {
    name: 'a session is asked for',
    verdict: 'contained',
    at: (h) => ({ ...requestTo.open(h), when: 'after' }),
  },
  {
    name: 'the first kill is out',
    verdict: 'contained',
    at: (h) => ({ ...requestTo.killTheFirst(h), when: 'after' }),
  },
  {
    name: 'between the kills',
    verdict: 'contained',
    at: (h) => ({ ...requestTo.killTheSecond(h), when: 'before' }),
  },
  { name: 'a ban is out', verdict: 'contained', at: (h) => ({ ...requestTo.ban(h), when: 'after' }) },
  {
    name: 'in the undo of a ban',
    verdict: 'rolled-back',
    more: (h) => ({ banMd5: [h.md5] }),
    at: (h) => ({ method: 'DELETE', route: `/api/v1/banning/blacklist/${h.md5}`, when: 'after' }),
    refused: true,
  },
  {
    name: 'in the undo of the isolation',
    verdict: 'rolled-back',
    more: (h) => ({ banMd5: [h.md5] }),
    at: (h) => ({
      ...requestTo.isolate(h),
      bodyIncludes: { network_isolation_enabled: false },
      when: 'after',
    }),
    refused: true,
  },
];

/** A run that stands at its moment until `goOn`. */
export interface Standing {
  moment: Moment;
  host: Host;
  run: WorkflowHandle;
  goOn: () => void;
}

/** Starts one run for each moment, on a host of its own, and resolves when each stands at its moment. */
export async function standAtEach(
  house: House,
  moments: readonly Moment[],
  hosts: readonly Host[],
): Promise<Standing[]> {
  return await Promise.all(
    moments.map(async (moment, i) => {
      const host = hosts[i];
      if (host === undefined) throw new Error(`There is no host for "${moment.name}".`);
      const hold = house.simulator.hold(moment.at(host));
      const opening = moment.refused ? refuseLiveResponse(house.simulator, host) : null;
      const run = await house.contain(host, moment.more?.(host));
      await opening?.(house.simulator, host);
      await inTime(`a run at its moment "${moment.name}"`, hold.arrived, PATIENCE_MS);
      return { moment, host, run, goOn: () => hold.release() };
    }),
  );
}

/** Refused only once the ban is made: else there would be nothing to undo but the isolation. */
function refuseLiveResponse(
  simulator: Simulator,
  host: Host,
): (simulator: Simulator, host: Host) => Promise<void> {
  const opening = simulator.hold({ ...requestTo.open(host), when: 'before' });
  simulator.faults.add({ ...requestTo.open(host), kind: { status: 405, body: 'Method Not Allowed' } });
  return async () => {
    await waitFor('the ban', async () => count(await effectsOn(simulator, host), 'banned') === 1, {
      timeoutMs: 60_000,
      everyMs: 100,
    });
    await waitFor('the isolation', async () => count(await effectsOn(simulator, host), 'isolated') === 1, {
      timeoutMs: 60_000,
      everyMs: 100,
    });
    opening.release();
  };
}

const PATIENCE_MS = 90_000;
