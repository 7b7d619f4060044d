import { createHash } from 'node:crypto';
import type { Context } from '@temporalio/activity';
import type { HashJudgement, Plan, PlanInput } from '../contract/index.js';
import type { Deps } from './deps.js';
import { sameServer } from './frozen.js';
import { pathForm } from './kill/match.js';

/** What a run would do, with a digest; looks hashes up, and changes nothing. */
export async function makePlan(deps: Deps, context: Context, input: PlanInput): Promise<Plan> {
  sameServer(deps, input.target);
  const hashes: HashJudgement[] = [];
  for (const md5 of [...new Set(input.md5s)].sort()) hashes.push(await judged(deps, context, md5));
  const live = input.processes.filter((p) => p.outcome === 'unknown');
  const steps: Plan['steps'] = [];
  if (input.isolate)
    steps.push({ step: 'isolate', effect: `${input.target.hostname} is cut off the network.` });
  if (live.length > 0) steps.push({ step: 'kill', effect: `${live.length} processes are killed.` });
  for (const { md5, hostsSeen } of hashes.filter((h) => h.judgement === 'ban'))
    steps.push({
      step: 'ban',
      effect: `${md5} is banned on every host (seen on ${hostsSeen ?? 'an unknown number'}).`,
    });
  return {
    schema: 'cb-response-playbook/plan/v1',
    digest: digestOf(input, live, hashes),
    target: input.target,
    selectors: input.selectors.map((s) => s.selector),
    steps,
    processes: input.processes,
    hashes,
    listed: input.listed,
    objections: [],
    notes: input.notes,
    policy: input.policy.digest,
    at: new Date(await deps.clock.now()).toISOString(),
  };
}

function digestOf(input: PlanInput, live: PlanInput['processes'], hashes: HashJudgement[]): string {
  const { server, sensorId, registration, osType } = input.target;
  const paths = [...new Set(live.map((p) => pathForm(p.path, osType)))].sort();
  const known = hashes.map((h) => [h.md5, h.judgement]);
  const selectors = input.selectors.map((s) => s.selector);
  const canonical = [server, sensorId, registration, selectors, paths, known, input.isolate, input.kill];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

async function judged(deps: Deps, context: Context, md5: string): Promise<HashJudgement> {
  const o = { signal: context.cancellationSignal };
  const [summary, ban] = await Promise.all([deps.cb.binaries.summary(md5, o), deps.cb.bans.get(md5, o)]);
  return {
    md5,
    judgement: 'ban',
    why: null,
    overridable: null,
    signed: summary?.signed ?? null,
    publisher: summary?.publisher ?? null,
    hostsSeen: summary?.hostCount ?? (await deps.cb.binaries.hostCount(md5, o)),
    percentOfFleet: null,
    firstSeen: null,
    ban: ban === null ? null : { enabled: ban.enabled, username: ban.username, text: ban.text },
  };
}
