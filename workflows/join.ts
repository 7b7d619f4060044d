import { workflowInfo } from '@temporalio/workflow';
import {
  type CheckedRequest,
  checkRequest,
  type DecideArgs,
  DECISIONS,
  describeMistakes,
  FAILURE_POLICIES,
  type FailurePolicyArgs,
  hostForm,
  type JoinArgs,
  MEMO_KEYS,
  protectedFromKill,
  withDefaults,
} from '../contract/index.js';
import { stricterApproval } from './approval-rules.js';
import type { Containment } from './containment.js';
import { failure } from './failure.js';
import { stricter, takeStricter } from './policy-defaults.js';

const MOST_TEXT = 1_000;
const EVIDENCE_ORDER: readonly string[] = ['none', 'file', 'memory'];
const SCOPE_ORDER: readonly string[] = ['none', 'instance', 'name'];

/** Refuses a join at once, before anything of it is in history. The run's own first request is never refused here. */
export function validateJoin(run: Containment | null, args: JoinArgs): void {
  if (isStarter(args)) return;
  if (run === null || run.endsSoon) {
    throw failure('RunClosing', 'This containment ends and takes no more requests. Start a new one.');
  }
  const checked = checkRequest(args?.request);
  if (!checked.ok) throw failure('InvalidRequest', describeMistakes(checked.mistakes), checked.mistakes);
  refuseAcross(run, checked.request);
  const other = differsFrom(run, checked.request);
  if (other !== null) throw failure('DifferentRequest', other);
  refuseUnsupported(run, checked.request);
  refuseOwnRules(run, checked.request);
  const { selector, kill, banScope } = checked.request;
  const why = protectedFromKill(
    selector?.path ?? selector?.name ?? '',
    run.resolved?.target.osType ?? null,
    run.guard.policy.protectedProcesses,
  );
  if ((kill || banScope === 'name') && why !== null) throw failure('ProtectedProcess', why);
}

/** Adds a request to the running containment; the stricter of both wins. Says whether it was the starter's own. */
export function join(run: Containment, args: JoinArgs): { joined: boolean } {
  if (isStarter(args)) return { joined: false };
  const checked = checkRequest(args.request);
  if (!checked.ok) throw failure('InvalidRequest', describeMistakes(checked.mistakes), checked.mistakes);
  const { request } = checked;
  if (request.requestId !== null && run.requestIds.includes(request.requestId)) return { joined: true };
  const w = run.wanted;
  w.isolate ||= request.isolate;
  w.kill ||= request.kill;
  w.banScope = stricter(SCOPE_ORDER, w.banScope, request.banScope);
  if (run.frozen === null) run.earlyJoins.push(request);
  takeStricter(run, withDefaults(request, run.guard.policy.defaults));
  w.evidence = stricter(EVIDENCE_ORDER, w.evidence, request.evidence);
  w.approval = stricterApproval(w.approval, request.approval);
  if (request.approvalTimeoutMs !== null)
    w.approvalTimeoutMs = Math.min(
      w.approvalTimeoutMs ?? request.approvalTimeoutMs,
      request.approvalTimeoutMs,
    );
  run.take(request, true);
  return { joined: true };
}

export function validateFailurePolicy(run: Containment | null, args: FailurePolicyArgs): void {
  if (!(FAILURE_POLICIES as readonly unknown[]).includes(args?.policy)) {
    throw failure('InvalidRequest', `policy: one of ${FAILURE_POLICIES.join(', ')}.`);
  }
  for (const text of [args.who, args.why]) {
    if (text !== undefined && (typeof text !== 'string' || text.length > MOST_TEXT)) {
      throw failure('InvalidRequest', `who, why: texts of at most ${MOST_TEXT} characters.`);
    }
  }
  if (run === null || run.settling) throw failure('RunClosing', 'This containment has settled already.');
}

export function validateDecision(run: Containment | null, args: DecideArgs): void {
  if (!(DECISIONS as readonly unknown[]).includes(args?.decision)) {
    throw failure('InvalidRequest', `decision: one of ${DECISIONS.join(', ')}.`);
  }
  if (run?.isAsking !== true)
    throw failure('NotAsking', 'This containment asks nothing now; status says what it does.');
}

/** Whether this join comes from the call that started the run: its request came as the workflow's argument. */
function isStarter(args: JoinArgs): boolean {
  const startedBy = workflowInfo().memo?.[MEMO_KEYS.startedBy];
  return typeof startedBy === 'string' && args?.callId === startedBy;
}

/**
 * Why a join is about another host, or `null`. Until the target is resolved only what the first request itself named can be
 * compared: anything else is told to come again, for nobody may be told "joined" to the containment of another host.
 */
function differsFrom(run: Containment, request: CheckedRequest): string | null {
  const target = run.resolved?.target;
  const { hostname, sensorId } = request;
  if (target === undefined) {
    const sameId = sensorId === null || sensorId === run.wanted.sensorId;
    const sameName = hostname === null || hostForm(hostname) === hostForm(run.wanted.hostname ?? '');
    if (sameId && sameName) return null;
    throw failure('NotYet', 'This containment has not found its host yet. Try again in a moment.');
  }
  if (sensorId !== null && sensorId !== target.sensorId) {
    return `This containment works on sensor ${target.sensorId}, the request names sensor ${sensorId}.`;
  }
  if (hostname === null) return null;
  const asked = hostForm(hostname);
  const known = [target.hostname, target.dnsName, run.wanted.hostname]
    .filter((n) => n !== null)
    .map(hostForm);
  const same = asked.includes('.') ? known.includes(asked) : known.some((n) => n.split('.')[0] === asked);
  return same ? null : `This containment works on ${run.host}, the request names ${hostname}.`;
}

/** A run is judged by the policy it was frozen with, and overrides what its first request overrode: neither is changed half-way. */
function refuseOwnRules(run: Containment, request: CheckedRequest): void {
  const later = 'Leave it away, or wait for the end of this run and start anew.';
  if (request.policy !== null) {
    throw failure('DifferentRequest', `This containment goes by the policy it began with. ${later}`);
  }
  const more = request.overrides.filter((rule) => !run.overrides.some((o) => o.rule === rule));
  if (more.length > 0) {
    throw failure(
      'DifferentRequest',
      `This containment began without overriding ${more.join(', ')}, and who joins cannot override it. ${later}`,
    );
  }
}

/** A dry run changes nothing whatever joins it, and nobody may believe that it does; two dry runs are two plans. */
function refuseAcross(run: Containment, { dryRun }: CheckedRequest): void {
  if (run.wanted.dryRun !== dryRun) {
    const what = dryRun ? 'a containment, the request is a dry run' : 'a dry run, the request is none';
    throw failure('DifferentRequest', `This run is ${what}.`);
  }
  if (dryRun)
    throw failure('RunClosing', 'A dry run takes no further request. Start another one when it has ended.');
}

/** What preflight would have objected to, had it seen this request. */
function refuseUnsupported(run: Containment, request: CheckedRequest): void {
  if (run.resolved === null) return;
  const { supportsIsolation, supportsLiveResponse } = run.resolved;
  if (request.isolate && !supportsIsolation) {
    throw failure('IsolationUnsupported', `The sensor on ${run.host} cannot isolate its host.`);
  }
  if (request.kill && !supportsLiveResponse) {
    throw failure('LiveResponseUnsupported', `The sensor on ${run.host} has no Live Response.`);
  }
}
