import {
  cutMessage,
  type DriftReport,
  PLAYBOOK_VERSION,
  type Gap,
  type Plan,
  type ProcessReport,
  type Receipt,
  RECEIPT_ROW_LIMIT,
  RECEIPT_SCHEMA,
  type Verdict,
} from '../contract/index.js';

import { banNotes } from './ban-notes.js';
import type { Containment } from './containment.js';
import { verdictSentence } from './summary.js';
import { iso, isoOrNull, now } from './time.js';

/** A result over 2 MiB cannot close the run, and it travels twice, as result and as memo. */
const RECEIPT_BYTES = 1_000_000;

/**
 * The full account of a run. Lists are cut at 500 rows with a count of the rest, messages at 500 characters; where that is
 * still too much for Temporal (long paths in a far script), at fewer rows.
 */
export function buildReceipt(run: Containment, verdict: Verdict, gaps: Gap[]): Receipt {
  for (let rows = RECEIPT_ROW_LIMIT; ; rows = Math.floor(rows / 2)) {
    const receipt = receiptOf(run, verdict, gaps, rows);
    if (rows <= 1 || new TextEncoder().encode(JSON.stringify(receipt)).length <= RECEIPT_BYTES)
      return receipt;
  }
}

function receiptOf(run: Containment, verdict: Verdict, gaps: Gap[], most: number): Receipt {
  const truncated: Record<string, number> = {};
  const cut = <T>(name: string, rows: readonly T[]): T[] => {
    if (rows.length > most) truncated[name] = rows.length - most;
    return rows.slice(0, most);
  };
  const state = run.hostState;
  return {
    schema: RECEIPT_SCHEMA,
    verdict,
    gaps,
    summary: cutMessage(verdictSentence(run, verdict, gaps)),
    workflowId: run.workflowId,
    runId: run.runId,
    webUrl: null,
    startedAt: iso(run.startedAt),
    endedAt: iso(now()),
    playbookVersion: PLAYBOOK_VERSION,
    case: run.wanted.case,
    request: run.input,
    requestedBy: cut('requestedBy', run.requestedBy),
    target: run.resolved?.target ?? null,
    isolation: run.isolation,
    hostState: {
      wish: state?.wish ?? null,
      fact: state?.fact ?? null,
      liveMatches: run.listed ? run.liveMatches.length : null,
      listedAt: run.listed ? isoOrNull(run.lastListAt) : null,
      asOf: isoOrNull(state?.at ?? null),
    },
    drift: cut('drift', driftOf(run)),
    processes: cut('processes', [...run.processes.values()].map(cutProcess)),
    bans: cut('bans', [...run.bans.values()]),
    undo: cut('undo', run.undone ?? []),
    policy: run.frozen === null ? null : { name: run.frozen.name, digest: run.frozen.digest },
    overrides: run.overrides.map((o) => ({
      ...o,
      letThrough: o.letThrough === null ? null : cutMessage(o.letThrough),
    })),
    approval: run.approval.report,
    plan: cutPlan(run.approval.plan, cut),
    evidence: cut('evidence', run.evidence),
    failurePolicy: run.policy,
    sessions: cut('sessions', run.sessions),
    nearestNames: run.nearestNames,
    notes: cut('notes', [...run.notes, ...banNotes(run)].map(cutMessage)),
    deadlinesPassed: cut('deadlinesPassed', run.deadlinesPassed),
    problems: cut('problems', run.problems),
    truncated,
  };
}

/** The digest is of the whole plan; what is shown of it is cut like every list. */
function cutPlan(plan: Plan | null, cut: <T>(name: string, rows: readonly T[]) => T[]): Plan | null {
  if (plan === null) return null;
  return {
    ...plan,
    processes: cut('plan.processes', plan.processes.map(cutProcess)),
    hashes: cut('plan.hashes', plan.hashes),
    steps: cut('plan.steps', plan.steps),
    notes: cut('plan.notes', plan.notes.map(cutMessage)),
  };
}

function cutProcess(p: ProcessReport): ProcessReport {
  return {
    ...p,
    path: cutMessage(p.path),
    commandLine: p.commandLine === null ? null : cutMessage(p.commandLine),
    why: p.why === null ? null : cutMessage(p.why),
  };
}

/** What was over before this run began is not its affair. */
function driftOf(run: Containment): DriftReport[] {
  const drift = run.hostState?.drift ?? [];
  return drift.filter((d) => d.until === null || Date.parse(d.until) >= run.startedAt);
}
