import { isWanted } from '../wanted.js';
import type { RunSeen, Seen } from '../seen.js';
import { PLAYBOOK } from '../schedule.js';
import { Findings } from './findings.js';
import { selectorOf } from './only-the-plan.js';
import { Past } from './past.js';

/**
 * (a) `contained` says: the host is isolated where that was asked for, nothing that matches lives, every hash is banned. True of
 * the simulator when the run read it last. What starts after the run's last list of processes is news that no list can show:
 * counted.
 */
export function containedIsTrue(seen: Seen): Findings {
  const findings = new Findings();
  for (const run of seen.runs) {
    if (run.receipt?.verdict !== 'contained') continue;
    findings.looksAt();
    check(seen, run, run.receipt, findings);
  }
  return findings;
}

function check(seen: Seen, run: RunSeen, receipt: NonNullable<RunSeen['receipt']>, findings: Findings): void {
  const past = new Past(seen);
  const { sensorId, requests, workflowId } = run;
  const at = Date.parse(receipt.hostState.asOf ?? receipt.endedAt);
  const say = (what: string): void => findings.violated(`${workflowId} says contained, and ${what}`);
  if (requests.some(({ isolate }) => isolate !== false) && !past.isolatedAt(sensorId, at)) {
    // Only what was isolated by this wish, and lost it as the verdict was read, was true when it was said.
    const asked = Date.parse(receipt.isolation.requestedAt ?? receipt.endedAt);
    if (past.isolatedSince(sensorId, asked, at)) findings.count('released as the verdict was read');
    else say('its host is not isolated');
  }
  const os = seen.schedule.hosts.find((host) => host.sensorId === sensorId)?.os ?? 'windows';
  // What was asked, not what the receipt says was asked.
  const selectors = requests.filter(({ kill }) => kill !== false).map(selectorOf);
  const listedAt = lastListOf(seen, past, run, at);
  for (const process of past.aliveAt(sensorId, at)) {
    if (!selectors.some((selector) => isWanted(selector, os, process))) continue;
    const isNews = process.startedAt !== null && listedAt !== null && process.startedAt > listedAt;
    if (isNews) findings.count('started after the last list');
    else say(`${process.path} (${process.guid}) lives`);
  }
  for (const md5 of hashesOf(seen, past, run, at)) {
    if (past.bannedAt(md5, at)) continue;
    if (past.liftedLately(md5, at)) findings.count('ban lifted as the verdict was read');
    else say(`${md5} is not banned`);
  }
}

/** The run's last list: the ledger's, or, where another run listed the same host at that time, the one of which the receipt tells. */
function lastListOf(seen: Seen, past: Past, run: RunSeen, at: number): number | null {
  const last = past.lastListBefore(run.sensorId, at);
  if (last === null || isAlone(seen, run, last)) return last;
  const told = run.receipt?.hostState.listedAt ?? null;
  return told === null ? last : Math.min(last, Date.parse(told));
}

/** Hashes that the run must have banned: those that were given, and those of what it killed, unless nobody wants these. */
function hashesOf(seen: Seen, past: Past, run: RunSeen, at: number): Set<string> {
  const given = run.requests.flatMap(({ banMd5 }) => banMd5 ?? []);
  const none = run.requests.every(({ banScope }) => banScope === 'none');
  const killed = past
    .of(run.sensorId, at)
    .filter(
      (e) => e.effect === 'killed' && e.by === PLAYBOOK && e.at >= run.span.from && isAlone(seen, run, e.at),
    )
    .flatMap(({ md5 }) => (md5 === undefined ? [] : [md5]));
  return new Set([...given, ...(none ? [] : killed)].map((md5) => md5.toLowerCase()));
}

/** Whether no other run worked on this sensor then: a kill in the ledger names nobody's run. */
export function isAlone(seen: Seen, run: RunSeen, at: number): boolean {
  return !seen.runs.some(
    (other) =>
      other.runId !== run.runId &&
      other.sensorId === run.sensorId &&
      other.span.from <= at &&
      (other.span.to ?? Infinity) >= at,
  );
}
