import assert from 'node:assert/strict';
import type { RequestMatch } from '../../../simulator/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';
import { REFUSED, REQUESTS } from '../../workflows/support/fault-table.js';
import { evil, fleet, hostName } from '../../workflows/support/hosts.js';
import { onTheWrongWorker } from '../../workflows/support/wrong-worker.js';
import type { Recorder, Shapes } from '../recorder.js';

const UNREAD = 2;
let recorded: PlaybookTestEnvironment | undefined;
const env = (): PlaybookTestEnvironment => {
  assert.ok(recorded);
  return recorded;
};

/** Runs that end without knowing what came of their last request: a hold, a kill, a session that may stand. */
export const lost: Shapes = {
  options: () => ({
    checkinSeconds: 5,
    checkinPhase: 0.1,
    scenario: fleet(3, (n) => ({ processes: [evil(n), evil(n, { pid: 2404 })] })),
    activityOverrides: { enumerateAndKill: onTheWrongWorker(env, UNREAD) },
  }),
  async record(given, keep) {
    recorded = given;
    await holdMayStand(keep);
    await killUnread(keep);
    await sessionMayStand(keep);
  },
};

/** Under `keep`: the wish is written, and from then on nobody can read it. */
async function holdMayStand(keep: Recorder): Promise<void> {
  const { simulator } = env();
  const acted = simulator.hold({ ...REQUESTS['write the wish'](1), when: 'after' });
  const run = await env().contain({ hostname: hostName(1), kill: false, onFailure: 'keep' });
  await acted.arrived;
  const outage = simulator.faults.add({ route: '/api/v1/sensor/1', kind: 'html-502' });
  acted.cut();
  await run.outcome();
  outage.remove();
  await keep.run(env(), 'hold-that-may-stand', run.workflowId);
}

/** What the shape is there for, told by the receipt. */
async function assertUnsettled(workflowId: string): Promise<void> {
  const { problems } = await env().playbook.receipt(workflowId);
  assert.ok(problems.some(({ step }) => step === 'settle-session'));
}

/** A kill whose next try runs on a worker of another server, and whose session nobody may look after. */
async function killUnread(keep: Recorder): Promise<void> {
  await revokedAfter(REQUESTS.kill(), () => keep.contained(env(), 'kill-nobody-may-read', UNREAD));
  await assertUnsettled(hostName(UNREAD));
}

async function sessionMayStand(keep: Recorder): Promise<void> {
  await revokedAfter(REQUESTS['open a session'](), () => keep.contained(env(), 'session-that-may-stand', 3));
  await assertUnsettled(hostName(3));
}

/** The request acts, its answer is lost, and from then on the list of sessions is refused. */
async function revokedAfter(request: RequestMatch, work: () => Promise<void>): Promise<void> {
  const { simulator } = env();
  const acted = simulator.hold({ ...request, when: 'after' });
  const working = work();
  await acted.arrived;
  const refused = simulator.faults.add({ ...REQUESTS['list of sessions'](), kind: REFUSED['401'] });
  acted.cut();
  await working;
  refused.remove();
}
