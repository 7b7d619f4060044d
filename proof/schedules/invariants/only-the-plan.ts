import type { LedgerEntry } from '../../../simulator/index.js';
import type { ContainRequest } from '../../../contract/index.js';
import { isWanted, type Selector } from '../wanted.js';
import { PLAYBOOK } from '../schedule.js';
import type { Seen } from '../seen.js';
import { Findings } from './findings.js';
import { Past } from './past.js';

/** (b) Only the targets of runs are touched, only processes that match are killed, only hashes that were asked for are banned. */
export function onlyThePlan(seen: Seen): Findings {
  const findings = new Findings();
  const past = new Past(seen);
  const filler = new Set(
    seen.atStart.sensors.filter(({ hostname }) => hostname.startsWith('FILLER-')).map(({ id }) => id),
  );
  for (const entry of seen.ledger) {
    if (entry.by !== PLAYBOOK) continue;
    findings.looksAt();
    const { sensorId } = entry;
    if (sensorId !== undefined && filler.has(sensorId))
      findings.violated(`${told(entry)}: nobody asked for anything on that host`);
    else if (sensorId !== undefined) onHost(seen, past, entry, sensorId, findings);
    else if (entry.effect === 'banned') ban(seen, past, entry, findings);
  }
  for (const entry of seen.journal)
    if (entry.unknown) findings.violated(`${entry.method} ${entry.path}: no such route`);
  return findings;
}

function onHost(seen: Seen, past: Past, entry: LedgerEntry, sensorId: number, findings: Findings): void {
  const host = seen.schedule.hosts.find((plan) => plan.sensorId === sensorId);
  if (host === undefined) return; // Another schedule's of the same world.
  // What a run's own policy forbids to all of its host, it was not asked for, whatever it was asked for.
  const runs = seen.runs.filter((run) => run.sensorId === sensorId && !isProtectedHost(run));
  const requests = runs.flatMap(askedOf);
  const operators = seen.deeds.filter((deed) => deed.sensorId === sensorId);
  switch (entry.effect) {
    case 'wish-set':
      if (
        requests.every(({ isolate }) => isolate === false) &&
        !operators.some(({ what }) => what === 'isolate')
      )
        findings.violated(`${told(entry)}: nobody asked to isolate that host`);
      return;
    case 'killed':
    case 'kill-ignored':
    case 'kill-failed': {
      const target = { path: entry.path ?? '', md5: entry.md5 ?? '' };
      const isAsked = runs.some(
        (run) =>
          !isProtected(run, target.path) &&
          askedOf(run).some((request) => isWanted(selectorOf(request), host.os, target)),
      );
      // No such pid any more: nothing was touched.
      const nobody = entry.effect === 'kill-failed' && entry.path === undefined;
      if (requests.every(({ kill }) => kill === false) || (!nobody && !isAsked))
        findings.violated(`${told(entry)}: nobody asked to kill that`);
      return;
    }
    case 'session-opened':
    case 'process-list':
      if (requests.every(({ kill }) => kill === false))
        findings.violated(`${told(entry)}: nobody asked to kill anything there`);
      return;
    case 'file-written':
    case 'file-deleted':
      findings.violated(`${told(entry)}: no file of a host is ever changed`);
      return;
    default:
  }
}

/** Of the run's own policy: who joins brings none. */
function policyOf(run: Seen['runs'][number]): Record<string, unknown> {
  return run.requests.find(({ policy }) => policy != null)?.policy ?? {};
}

function isProtectedHost(run: Seen['runs'][number]): boolean {
  const { sensorIds } = (policyOf(run)['protectedHosts'] ?? {}) as { sensorIds?: number[] };
  return sensorIds?.includes(run.sensorId) === true;
}

/** Schedules protect whole paths, as they are drawn. */
function isProtected(run: Seen['runs'][number], path: string): boolean {
  const paths = (policyOf(run)['protectedProcesses'] ?? []) as string[];
  const plain = (text: string): string => text.replace(/ \(deleted\)$/, '').toLowerCase();
  return paths.some((one) => plain(one) === plain(path));
}

function mayEnable(run: Seen['runs'][number]): boolean {
  return ((policyOf(run)['ban'] ?? {}) as { enableDisabled?: boolean }).enableDisabled !== false;
}

function ban(seen: Seen, past: Past, entry: LedgerEntry, findings: Findings): void {
  const run = seen.runs.find(({ workflowId, runId }) =>
    entry.detail?.startsWith(tagOf({ workflowId, runId })),
  );
  if (run === undefined) {
    if (!/^cb-response-playbook run \S+ \S+:/.test(entry.detail ?? ''))
      findings.violated(`${told(entry)}: a ban of ours that names no run`);
    return;
  }
  const md5 = (entry.md5 ?? '').toLowerCase();
  const { sensorId } = run;
  const isOf = (other: { md5?: string | null }): boolean => other.md5?.toLowerCase() === md5;
  const wasDisabled =
    seen.atStart.bans.some((one) => isOf(one) && !one.enabled) &&
    !seen.ledger.some((e) => e.effect === 'banned' && isOf(e) && e.at < entry.at) &&
    !seen.deeds.some(isOf);
  if (wasDisabled && !mayEnable(run))
    findings.violated(`${told(entry)}: its policy leaves bans disabled that somebody disabled`);
  if (isProtectedHost(run)) findings.violated(`${told(entry)}: its policy protects the host of that run`);
  const requests = askedOf(run);
  if (requests.some(({ banMd5 }) => banMd5?.some((given) => given.toLowerCase() === md5))) return;
  const os = seen.schedule.hosts.find((host) => host.sensorId === sensorId)?.os ?? 'windows';
  const selectors = requests.filter(({ kill }) => kill !== false).map(selectorOf);
  const scopes = requests.map(({ banScope }) => banScope ?? 'instance');
  const here = past
    .everOn(sensorId)
    .filter((process) => selectors.some((selector) => isWanted(selector, os, process)));
  if (scopes.some((scope) => scope !== 'none') && here.some((process) => process.md5.toLowerCase() === md5))
    return;
  const everywhere = seen.worldHosts.flatMap((host) =>
    past.everOn(host.sensorId).filter(({ path }) => selectors.some((s) => sameName(s, path))),
  );
  if (scopes.includes('name') && everywhere.some((process) => process.md5.toLowerCase() === md5)) return;
  findings.violated(`${told(entry)}: nobody asked to ban that`);
}

/** A request that nobody knows for certain to be in may be carried out. */
function askedOf({ requests, unsure }: Seen['runs'][number]): ContainRequest[] {
  return [...requests, ...unsure];
}

/** What a ban's text begins with: it names its run. */
export function tagOf(run: { workflowId: string; runId: string }): string {
  return `cb-response-playbook run ${run.workflowId} ${run.runId}:`;
}

function sameName(selector: Selector, path: string): boolean {
  const base = (text: string): string =>
    (
      text
        .replace(/ \(deleted\)$/, '')
        .split(/[\\/]/)
        .at(-1) ?? text
    ).toLowerCase();
  const name = selector.name ?? selector.path;
  return name !== undefined && base(path) === base(name);
}

export function selectorOf(request: ContainRequest): Selector {
  const { processName: name, processPath: path, processMd5: md5 } = request;
  return {
    ...(name === undefined ? {} : { name }),
    ...(path === undefined ? {} : { path }),
    ...(md5 === undefined ? {} : { md5 }),
  };
}

function told(entry: LedgerEntry): string {
  return JSON.stringify(entry);
}
