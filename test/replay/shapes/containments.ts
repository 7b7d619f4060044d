import { BRAKES_ID, leaseId, UPDATES } from '../../../contract/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';
import { REFUSED, REQUESTS } from '../../workflows/support/fault-table.js';
import { evil, fleet, hostName } from '../../workflows/support/hosts.js';
import { EVIL, type Recorder, type Shapes } from '../recorder.js';

/** How a containment may go where nobody is asked: each verdict, a join, a cancel, the undo of a closed run, the brakes. */
export const containments: Shapes = {
  options: () => ({
    checkinSeconds: 5,
    checkinPhase: 0.1,
    scenario: fleet(14, (n) => ({
      ...(n === 4 ? { onlineFrom: 300 } : {}),
      processes: [
        evil(n, {
          ...(n === 6 ? { kill: 'denied' } : n === 7 ? { indexedAfter: null } : {}),
          ...(n === 8 ? { respawn: { afterMs: 200, times: 2 } } : {}),
        }),
      ],
    })),
  }),
  async record(env, keep) {
    await contained(env, keep);
    await rolledBack(env, keep);
    await cancelled(env, keep);
    await joined(env, keep);
    await keep.contained(env, 'offline-then-contained', 4, { ...EVIL, lease: '1h' });
    await keep.contained(env, 'contained-partly', 6);
    await hashUnknown(env, keep);
    await keep.contained(env, 'respawned', 8);
    await keep.contained(env, 'nothing-matched', 9, { processName: 'evli.exe' });
    await keep.contained(env, 'not-isolated', 10, { ...EVIL, isolate: false });
    await keep.contained(env, 'isolated-only', 11, { kill: false });
    await keep.contained(env, 'banned-by-name', 12, { ...EVIL, banScope: 'name', evidence: 'file' });
    await keep.contained(env, 'protected', 13, { processName: 'lsass.exe' });
    await keep.contained(env, 'dry-run', 13, { ...EVIL, dryRun: true });
    await rollbackIncomplete(env, keep);
    await noSuchHost(env, keep);
    await invalid(env, keep);
    await undone(env, keep);
    await braked(env, keep);
  },
};

async function contained(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const request = { ...EVIL, lease: '10m', requestedBy: 'ana', reason: 'alert 4711' };
  await keep.contained(env, 'contained', 1, request);
  await env.sleep('20m');
  await keep.run(env, 'lease-that-ended', leaseId(1));
}

async function rolledBack(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const fault = env.simulator.faults.add({ ...REQUESTS['open a session'](), kind: REFUSED['401'] });
  await keep.contained(env, 'rolled-back', 2, { ...EVIL, banMd5: ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA2'] });
  fault.remove();
  await env.sleep('30m');
  await keep.run(env, 'lease-given-back', leaseId(2));
}

async function cancelled(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const { simulator, timePasses } = env;
  const hold = simulator.hold({ ...REQUESTS['list processes'](), when: 'before' });
  const run = await env.contain({ hostname: hostName(3), ...EVIL });
  const ended = timePasses(run.outcome());
  await hold.arrived;
  await run.handle.executeUpdate(UPDATES.failurePolicy, { args: [{ policy: 'release', who: 'ana' }] });
  await run.handle.cancel();
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  hold.release();
  await ended;
  await keep.run(env, 'cancelled', run.workflowId);
}

async function joined(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const { simulator, timePasses } = env;
  const hold = simulator.hold({ ...REQUESTS['list processes'](), when: 'before' });
  const run = await env.contain({ hostname: hostName(5), ...EVIL, isolate: false });
  const ended = timePasses(run.outcome());
  await hold.arrived;
  const request = { hostname: hostName(5), processName: 'explorer.exe', requestId: 'alert-1' };
  await run.handle.executeUpdate(UPDATES.join, { args: [{ request }] });
  hold.release();
  await ended;
  await keep.run(env, 'joined', run.workflowId);
}

async function hashUnknown(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const noFile = { method: 'POST', bodyIncludes: { name: 'get file' }, kind: REFUSED['400'] };
  const fault = env.simulator.faults.add(noFile);
  await keep.contained(env, 'hash-unknown', 7);
  fault.remove();
}

/** Live Response is refused, and so is the undo of the ban. */
async function rollbackIncomplete(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const faults = [
    env.simulator.faults.add({ ...REQUESTS['open a session'](), kind: REFUSED['401'] }),
    env.simulator.faults.add({ ...REQUESTS.unban(), kind: REFUSED['403'] }),
  ];
  const banMd5 = ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA14'];
  await keep.contained(env, 'rollback-incomplete', 14, { ...EVIL, banMd5 });
  for (const fault of faults) fault.remove();
}

async function noSuchHost(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const run = await env.contain({ hostname: 'nobody', ...EVIL });
  await run.outcome();
  await keep.run(env, 'not-contained', run.workflowId, run.runId);
}

async function invalid(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const run = await env.contain({ hostname: '*' }, { workflowId: 'invalid' });
  await run.outcome();
  await keep.run(env, 'invalid-request', run.workflowId, run.runId);
}

async function undone(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const { playbook, timePasses } = env;
  const planned = await timePasses(playbook.undo(hostName(7), { who: 'ana' }));
  await keep.run(env, 'undo-planned', planned.workflowId);
  const { workflowId } = await timePasses(playbook.undo(hostName(7), { apply: true, who: 'ana' }));
  await keep.run(env, 'undone', workflowId);
  const again = await timePasses(playbook.undo(hostName(7), { apply: true, who: 'ana' }));
  await keep.run(env, 'nothing-to-undo', again.workflowId);
}

async function braked(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  await env.playbook.pause({ who: 'ana', reason: 'alert storm' });
  await keep.contained(env, 'paused', 2);
  await env.playbook.resume({ who: 'ben' });
  await keep.run(env, 'brakes', BRAKES_ID);
}
