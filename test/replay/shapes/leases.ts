import { leaseId, TASK_QUEUES, WORKFLOW_TYPES } from '../../../contract/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';
import { giveBack, leaseHandle, leaseOf, personHolds, releaseAll } from '../../leases/support/lease.js';
import { type Receiver, startReceiver } from '../../leases/support/receiver.js';
import { REFUSED, REQUESTS } from '../../workflows/support/fault-table.js';
import { fleet, hostName } from '../../workflows/support/hosts.js';
import { EVIL, type Recorder, type Shapes } from '../recorder.js';

const HOUR_MS = 3_600_000;
let receiver: Receiver | undefined;

/** Leases of every kind, what people do with them, and the short workflows of the operator verbs. */
export const leases: Shapes = {
  async options() {
    receiver = await startReceiver();
    return {
      checkinPhase: 0.1,
      scenario: fleet(11, (n) => (n === 6 ? { isolated: true } : {})),
      notify: { url: receiver.url, all: true },
    };
  },
  async record(env, keep) {
    await several(env, keep);
    await extended(env, keep);
    await drifted(env, keep, 'lease-drift-told', 3, 'tell');
    await drifted(env, keep, 'lease-drift-written-again', 4, 'reassert');
    await takenUp(env, keep);
    await adopted(env, keep);
    await rebooted(env, keep);
    await refused(env, keep);
    await undoneAfterTermination(env, keep);
    await withAVerdictToTell(env, keep);
    await goneOn(env, keep);
  },
  close: async () => await receiver?.close(),
};

async function several(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const run = await env.contain({ hostname: hostName(1), ...EVIL });
  await run.outcome();
  // One after the other: the test server now and then loses an update that comes upon the heels of another.
  await env.sleep('1m');
  await personHolds(env, 1, 'ana');
  await env.sleep('1m');
  await personHolds(env, 1, 'ben');
  await env.sleep('1m');
  await giveBack(env, 1, 'person/ana');
  await env.sleep('1h');
  await releaseAll(env, 1);
  await keep.run(env, 'lease-of-several', leaseId(1));
}

async function extended(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const run = await env.contain({ hostname: hostName(2), ...EVIL, lease: '10m' });
  await run.outcome();
  await env.sleep('1m');
  await env.timePasses(env.playbook.extend(hostName(2), '1h', { who: 'ana' }));
  await env.sleep('30m');
  await env.sleep('2h');
  await keep.run(env, 'lease-extended', leaseId(2));
}

async function drifted(
  env: PlaybookTestEnvironment,
  keep: Recorder,
  name: string,
  n: number,
  onDrift: 'tell' | 'reassert',
): Promise<void> {
  await personHolds(env, n, 'ana', { onDrift });
  await env.sleep('2m');
  await env.simulator.act.setWish(n, false, 'carl');
  await env.sleep('1h');
  await releaseAll(env, n);
  await keep.run(env, name, leaseId(n));
}

/** Terminated while held, and taken up by the next containment. */
async function takenUp(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const first = await env.contain({ hostname: hostName(5), ...EVIL });
  await first.outcome();
  const { runId } = await leaseOf(env, 5);
  // No look of its may be under way: the test server would keep time standing still for it.
  await env.sleep('2m');
  await leaseHandle(env, 5).terminate('somebody in Temporal Web');
  await keep.run(env, 'lease-terminated', leaseId(5), runId);
  const second = await env.contain({ hostname: hostName(5), ...EVIL });
  await second.outcome();
  await keep.run(env, 'contained-again', second.workflowId, second.runId);
  await releaseAll(env, 5);
  await keep.run(env, 'lease-taken-up', leaseId(5));
}

async function adopted(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const run = await env.contain({ hostname: hostName(6), ...EVIL });
  await run.outcome();
  await keep.run(env, 'already-isolated', run.workflowId);
  await shortRun(env, keep, 'reconciled', WORKFLOW_TYPES.reconcile, {
    adopt: true,
    dryRun: false,
    who: 'ben',
    reason: 'nobody knows it',
  });
  await shortRun(env, keep, 'looked-up', WORKFLOW_TYPES.lookup, { hostname: hostName(6) });
  await env.sleep('1h');
  await releaseAll(env, 6);
  await keep.run(env, 'lease-adopted', leaseId(6));
}

async function rebooted(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  await personHolds(env, 7, 'ana', { leaseMs: 3 * HOUR_MS });
  await env.sleep('2m');
  await env.simulator.act.reboot(7);
  await env.sleep('4h');
  await keep.run(env, 'lease-of-a-rebooted-host', leaseId(7));
}

async function refused(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const fault = env.simulator.faults.add({ ...REQUESTS['write the wish'](8), kind: REFUSED['403'] });
  await keep.contained(env, 'isolation-refused', 8);
  fault.remove();
  await env.sleep('1h');
  await keep.run(env, 'lease-refused', leaseId(8));
}

/** A run that was terminated left no receipt: its undo reads the world. */
async function undoneAfterTermination(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const run = await env.contain({ hostname: hostName(9), ...EVIL, approval: 'before-kill' });
  await env.sleep('5m');
  await run.handle.terminate('somebody in Temporal Web');
  await keep.run(env, 'terminated', run.workflowId, run.runId);
  const undone = await env.timePasses(env.playbook.undo(hostName(9), { apply: true, who: 'ana' }));
  await keep.run(env, 'undone-after-termination', undone.workflowId);
}

async function withAVerdictToTell(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const run = await env.contain({ hostname: hostName(10), ...EVIL });
  await run.outcome();
  await keep.run(env, 'contained-and-told', run.workflowId);
  await env.sleep('1m');
  const { executions } = await env.client.connection.workflowService.listClosedWorkflowExecutions({
    namespace: env.namespace,
    maximumPageSize: 1_000,
    startTimeFilter: {},
  });
  const told = executions?.find(({ type }) => type?.name === WORKFLOW_TYPES.notify)?.execution;
  if (!told?.workflowId) throw new Error('Nobody was told of anything.');
  await keep.run(env, 'notified', told.workflowId, told.runId ?? undefined);
}

/** Held for so long that it goes on as a new run; the looks themselves leave no events. */
async function goneOn(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  await personHolds(env, 11, 'ana', { reason: 'long case' }, { watchEveryMs: 12 * HOUR_MS });
  const { runId } = await leaseOf(env, 11);
  for (let days = 0; (await leaseOf(env, 11)).runId === runId; days += 10) {
    if (days > 200) throw new Error('The lease never went on as a new run.');
    await env.sleep('10d');
  }
  await keep.run(env, 'lease-that-went-on', leaseId(11), runId);
  await releaseAll(env, 11);
  await keep.run(env, 'lease-gone-on', leaseId(11));
}

async function shortRun(
  env: PlaybookTestEnvironment,
  keep: Recorder,
  name: string,
  type: string,
  input: unknown,
): Promise<void> {
  const options = { taskQueue: TASK_QUEUES.main, workflowId: name, args: [input] };
  const handle = await env.client.workflow.start(type, options);
  await env.timePasses(handle.result());
  await keep.run(env, name, name);
}
