import { setCurrentDetails } from '@temporalio/workflow';
import { type ContainmentStatus, type Receipt, SEARCH_ATTRIBUTES, type Step } from '../contract/index.js';
import type { Containment } from './containment.js';
import { currentDetails } from './current-details.js';
import { type AttributeValues, showAttributes } from './search-attributes.js';
import { summaryOf } from './summary.js';
import { iso, isoOrNull, now } from './time.js';

/** A step begins: shown in the search attributes the namespace has, and in the current details. */
export function enter(run: Containment, step: Step, values: AttributeValues = {}): void {
  run.step = step;
  showStep(run, values);
}

/** Shows the step anew: a question has begun, or was answered. */
export function showStep(run: Containment, values: AttributeValues = {}): void {
  const known = run.resolved?.surroundings.searchAttributes ?? [];
  showAttributes(run.shown, known, { ...values, [SEARCH_ATTRIBUTES.step]: run.shownStep });
  refresh(run, null);
}

export function refresh(run: Containment, receipt: Receipt | null): void {
  setCurrentDetails(currentDetails(run, receipt));
}

/** Answer of the query `status`. */
export function statusOf(run: Containment, receipt: Receipt | null): ContainmentStatus {
  const processes = [...run.processes.values()];
  const alive = run.liveMatches.length;
  return {
    workflowId: run.workflowId,
    runId: run.runId,
    step: receipt === null ? run.shownStep : 'closed',
    verdict: receipt?.verdict ?? null,
    summary: receipt?.summary ?? summaryOf(run),
    target: run.resolved?.target ?? null,
    isolation: run.isolation,
    requestedBy: run.requestedBy,
    failurePolicy: run.policy.policy,
    processes: { total: processes.length, dead: processes.length - alive, alive },
    bans: [...run.bans.values()].map(({ md5, outcome }) => ({ md5, outcome })),
    problems: run.problems,
    waitingFor: [...run.waitingFor].map(([what, deadline]) => ({ what, deadline: isoOrNull(deadline) })),
    approval: questionOf(run),
    startedAt: iso(run.startedAt),
    updatedAt: iso(now()),
    receipt,
  };
}

function questionOf({ approval: { question } }: Containment): ContainmentStatus['approval'] {
  if (question === null) return null;
  const { plan, because, deadline } = question;
  return { plan, because, deadline: iso(deadline) };
}
