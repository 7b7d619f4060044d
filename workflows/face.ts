import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { type ContainmentStatus, type Receipt, SEARCH_ATTRIBUTES, type Step } from '../contract/index.js';
import type { Containment } from './containment.js';
import { currentDetails } from './current-details.js';
import { summaryOf } from './summary.js';
import { iso, isoOrNull, now } from './time.js';

const KEYS = {
  [SEARCH_ATTRIBUTES.host]: defineSearchAttributeKey(SEARCH_ATTRIBUTES.host, SearchAttributeType.KEYWORD),
  [SEARCH_ATTRIBUTES.sensorId]: defineSearchAttributeKey(SEARCH_ATTRIBUTES.sensorId, SearchAttributeType.INT),
  [SEARCH_ATTRIBUTES.step]: defineSearchAttributeKey(SEARCH_ATTRIBUTES.step, SearchAttributeType.KEYWORD),
  [SEARCH_ATTRIBUTES.verdict]: defineSearchAttributeKey(
    SEARCH_ATTRIBUTES.verdict,
    SearchAttributeType.KEYWORD,
  ),
};
type Values = Partial<Record<keyof typeof KEYS, string | number>>;

/** A step begins: shown in the search attributes the namespace has, and in the current details. */
export function enter(run: Containment, step: Step, values: Values = {}): void {
  const known = run.resolved?.searchAttributes ?? [];
  const wanted: Values = { ...values };
  if (run.step !== step || Object.keys(values).length > 0) wanted[SEARCH_ATTRIBUTES.step] = step;
  run.step = step;
  const pairs = Object.entries(wanted)
    .filter(([name]) => known.includes(name))
    .map(([name, value]) => ({ key: KEYS[name as keyof typeof KEYS], value }) as SearchAttributePair);
  if (pairs.length > 0) upsertSearchAttributes(pairs);
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
    step: receipt === null ? run.step : 'closed',
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
    startedAt: iso(run.startedAt),
    updatedAt: iso(now()),
    receipt,
  };
}
