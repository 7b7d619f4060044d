/**
 * Records histories of runs of several shapes into test/replay/histories/, where they stay for ever once their version is
 * released. By hand, when the workflows have changed before a release: node --import tsx test/replay/record.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { BRAKES_ID, leaseId, UPDATES } from '../../contract/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { REFUSED, REQUESTS } from '../workflows/support/fault-table.js';
import { evil, fleet, hostName } from '../workflows/support/hosts.js';

const folder = join(fileURLToPath(new URL('.', import.meta.url)), 'histories');
const EVIL = { processName: 'evil.exe' };

const env = await createPlaybookTestEnvironment({
  checkinSeconds: 5,
  checkinPhase: 0.1,
  scenario: fleet(7, (n) => ({
    ...(n === 4 ? { onlineFrom: 300 } : {}),
    processes: [evil(n, n === 6 ? { kill: 'denied' } : n === 7 ? { indexedAfter: null } : {})],
  })),
});
try {
  mkdirSync(folder, { recursive: true });
  await contained(env);
  await rolledBack(env);
  await cancelled(env);
  await joined(env);
  await record('offline-then-contained', 4, { ...EVIL, lease: '1h' });
  await record('contained-partly', 6, EVIL);
  await hashUnknown(env);
  await invalid(env);
  await undone(env);
  await braked(env);
} finally {
  await env.close();
}

async function contained({ client }: PlaybookTestEnvironment): Promise<void> {
  await record('contained', 1, { ...EVIL, lease: '10m', requestedBy: 'ana', reason: 'alert 4711' });
  await env.sleep('20m');
  await write('lease-that-ended', leaseId(1), (await client.workflow.getHandle(leaseId(1)).describe()).runId);
}

async function rolledBack({ simulator }: PlaybookTestEnvironment): Promise<void> {
  const fault = simulator.faults.add({ ...REQUESTS['open a session'](), kind: REFUSED['401'] });
  await record('rolled-back', 2, { ...EVIL, banMd5: ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA2'] });
  fault.remove();
  await env.sleep('30m');
  await write('lease-given-back', leaseId(2));
}

async function cancelled({ simulator, timePasses }: PlaybookTestEnvironment): Promise<void> {
  const hold = simulator.hold({ ...REQUESTS['list processes'](), when: 'before' });
  const run = await env.contain({ hostname: hostName(3), ...EVIL });
  const ended = timePasses(run.outcome());
  await hold.arrived;
  await run.handle.executeUpdate(UPDATES.failurePolicy, { args: [{ policy: 'release', who: 'ana' }] });
  await run.handle.cancel();
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  hold.release();
  await ended;
  await write('cancelled', run.workflowId);
}

async function joined({ simulator, timePasses }: PlaybookTestEnvironment): Promise<void> {
  const hold = simulator.hold({ ...REQUESTS['list processes'](), when: 'before' });
  const run = await env.contain({ hostname: hostName(5), ...EVIL, isolate: false });
  const ended = timePasses(run.outcome());
  await hold.arrived;
  const request = { hostname: hostName(5), processName: 'explorer.exe', requestId: 'alert-1' };
  await run.handle.executeUpdate(UPDATES.join, { args: [{ request }] });
  hold.release();
  await ended;
  await write('joined', run.workflowId);
}

async function hashUnknown({ simulator }: PlaybookTestEnvironment): Promise<void> {
  const fault = simulator.faults.add({
    method: 'POST',
    bodyIncludes: { name: 'get file' },
    kind: REFUSED['400'],
  });
  await record('hash-unknown', 7, EVIL);
  fault.remove();
}

async function invalid({ client }: PlaybookTestEnvironment): Promise<void> {
  const run = await env.contain({ hostname: '*' }, { workflowId: 'invalid' });
  await run.outcome();
  await write(
    'invalid-request',
    run.workflowId,
    (await client.workflow.getHandle('invalid').describe()).runId,
  );
}

async function undone({ client, playbook, timePasses }: PlaybookTestEnvironment): Promise<void> {
  const { workflowId } = await timePasses(playbook.undo(hostName(7), { apply: true, who: 'ana' }));
  await write('undone', workflowId, (await client.workflow.getHandle(workflowId).describe()).runId);
}

async function braked({ playbook }: PlaybookTestEnvironment): Promise<void> {
  await playbook.pause({ who: 'ana', reason: 'alert storm' });
  await record('paused', 2, EVIL);
  await playbook.resume({ who: 'ben' });
  await write('brakes', BRAKES_ID);
}

async function record(name: string, n: number, request: object): Promise<void> {
  const run = await env.contain({ hostname: hostName(n), ...request });
  const { receipt } = await run.outcome();
  process.stderr.write(`${name}: ${receipt?.verdict ?? 'no receipt'}\n`);
  await write(name, run.workflowId);
}

/** One line a file; who recorded it is nobody's business. */
async function write(name: string, workflowId: string, runId?: string): Promise<void> {
  const history = historyToJSON(await env.client.workflow.getHandle(workflowId, runId).fetchHistory());
  const text = JSON.stringify({ workflowId, history: JSON.parse(asText(history)) as unknown });
  writeFileSync(
    join(folder, `${name}.json`),
    `${text.replace(/"identity":"[^"]*"/g, '"identity":"worker"')}\n`,
  );
}

function asText(history: unknown): string {
  return typeof history === 'string' ? history : JSON.stringify(history);
}
