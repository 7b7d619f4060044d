import type { Context } from '@temporalio/activity';
import {
  type HashJudgement,
  type NumberedSelector,
  type Plan,
  type PlanInput,
  type ProcessReport,
  type Target,
} from '../contract/index.js';
import { readBans } from './bans.js';
import type { Deps } from './deps.js';
import { digestOf } from './digest.js';
import { hosts, judgeHashes } from './judge-hashes.js';
import { pathForm } from './kill/match.js';

/** What a run would do, in words and with a digest that a person approves. Looks, and changes nothing. */
export async function makePlan(deps: Deps, context: Context, input: PlanInput): Promise<Plan> {
  const { target, policy } = input;
  const md5s = [...new Set(input.md5s.map((md5) => md5.toUpperCase()))].sort();
  const states = md5s.length === 0 ? [] : await readBans(deps, context, { target, md5s });
  const hashes = await judgeHashes(deps, context, {
    target,
    policy: policy.policy,
    overrides: input.overrides,
    md5s,
    states,
    protectedMd5s: input.protectedMd5s ?? [],
  });
  return {
    schema: 'cb-response-playbook/plan/v1',
    digest: planDigest({ ...input, hashes }),
    target,
    selectors: input.selectors.map((s) => s.selector),
    steps: stepsOf(input, hashes),
    processes: input.processes,
    hashes,
    listed: input.listed,
    objections: [],
    notes: input.notes,
    policy: policy.digest,
    at: new Date(await deps.clock.now()).toISOString(),
  };
}

/**
 * SHA-256 over what an approval is for: server, sensor, registration, selectors, paths, hashes and how each was judged, and
 * which steps. Not over pids, GUIDs, counts and times: a respawn, or one more host that has the file, makes no approval stale.
 */
export function planDigest({
  target,
  selectors,
  isolate,
  kill,
  evidence = 'none',
  processes,
  hashes,
}: Pick<PlanInput, 'isolate' | 'kill' | 'evidence' | 'processes'> & {
  target: Pick<Target, 'server' | 'sensorId' | 'registration' | 'osType'>;
  selectors: Pick<NumberedSelector, 'selector' | 'banScope'>[];
  hashes: Pick<HashJudgement, 'md5' | 'judgement'>[];
}): string {
  const { server, sensorId, registration, osType } = target;
  const toBan = hashes.some((h) => h.judgement === 'ban');
  return digestOf({
    server,
    sensorId,
    registration,
    selectors: sortedTexts(selectors.map(({ selector, banScope }) => digestOf({ selector, banScope }))),
    paths: kill
      ? sortedTexts(mayBeKilled(processes).map((p) => `${pathForm(p.path, osType)} ${p.md5 ?? '?'}`))
      : [],
    hashes: sortedTexts(hashes.map((h) => `${h.md5.toUpperCase()} ${h.judgement}`)),
    steps: [
      isolate ? 'isolate' : null,
      kill && evidence !== 'none' ? `evidence ${evidence}` : null,
      kill ? 'kill' : null,
      toBan ? 'ban' : null,
    ].filter((s) => s !== null),
  });
}

function sortedTexts(texts: string[]): string[] {
  return [...new Set(texts)].sort();
}

function mayBeKilled(processes: ProcessReport[]): ProcessReport[] {
  return processes.filter((p) => p.outcome !== 'protected');
}

/** What each step would change; nothing stands here that is refused, or stands already. */
function stepsOf(input: PlanInput, hashes: HashJudgement[]): Plan['steps'] {
  const { target, isolate, kill, evidence = 'none', processes } = input;
  const steps: Plan['steps'] = [];
  if (isolate) {
    const effect = `Isolate ${target.hostname} (sensor ${target.sensorId}): only this server can still reach it.`;
    steps.push({ step: 'isolate', effect });
  }
  const byPath = new Map<string, { path: string; count: number }>();
  for (const { path } of kill ? mayBeKilled(processes) : []) {
    const form = pathForm(path, target.osType);
    byPath.set(form, { path: byPath.get(form)?.path ?? path, count: (byPath.get(form)?.count ?? 0) + 1 });
  }
  if (evidence !== 'none' && byPath.size > 0)
    steps.push({ step: 'evidence', effect: `Take evidence (${evidence}) of each before it is killed.` });
  for (const { path, count } of byPath.values()) {
    steps.push({
      step: 'kill',
      effect: `Kill ${count === 1 ? 'one process' : `${count} processes`} of ${path}.`,
    });
  }
  for (const h of hashes) {
    if (h.judgement === 'ban' && h.ban?.enabled !== true) steps.push({ step: 'ban', effect: banEffect(h) });
  }
  return steps;
}

function banEffect(h: HashJudgement): string {
  const share = h.percentOfFleet === null ? '' : ` (${h.percentOfFleet} % of all sensors)`;
  const again = h.ban === null ? 'Ban' : 'Enable the disabled ban of';
  return `${again} ${h.md5}: global, it touches ${hosts(h.hostsSeen)}${share} and every host that gets the file later.`;
}
