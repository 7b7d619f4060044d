import { workflowInfo } from '@temporalio/workflow';
import {
  type CheckedRequest,
  checkRequest,
  describeMistakes,
  FAILURE_POLICIES,
  type FailurePolicyArgs,
  hostForm,
  type JoinArgs,
  MEMO_KEYS,
  protectedProcessName,
} from '../contract/index.js';
import type { Containment } from './containment.js';
import { failure } from './failure.js';

const POLICY_ORDER: readonly string[] = ['release', 'auto', 'keep'];
const SCOPE_ORDER: readonly string[] = ['none', 'instance', 'name'];

/** Refuses a join at once, before anything of it is in history. The run's own first request is never refused here. */
export function validateJoin(run: Containment | null, args: JoinArgs): void {
  if (isStarter(args)) return;
  if (run === null || run.endsSoon) {
    throw failure('RunClosing', 'This containment ends and takes no more requests. Start a new one.');
  }
  const checked = checkRequest(args?.request);
  if (!checked.ok) throw failure('InvalidRequest', describeMistakes(checked.mistakes), checked.mistakes);
  const other = differsFrom(run, checked.request);
  if (other !== null) throw failure('DifferentRequest', other);
  const { selector } = checked.request;
  const why = protectedProcessName(
    selector?.path ?? selector?.name ?? '',
    run.resolved?.target.osType ?? null,
  );
  if (checked.request.kill && why !== null) throw failure('ProtectedProcess', why);
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
  w.leaseMs = w.leaseMs === null || request.leaseMs === null ? null : Math.max(w.leaseMs, request.leaseMs);
  if (run.policy.changedBy === null)
    run.policy.policy = stricter(POLICY_ORDER, run.policy.policy, request.onFailure);
  run.take(request, true);
  return { joined: true };
}

export function validateFailurePolicy(run: Containment | null, args: FailurePolicyArgs): void {
  if (!(FAILURE_POLICIES as readonly unknown[]).includes(args?.policy)) {
    throw failure('InvalidRequest', `policy: one of ${FAILURE_POLICIES.join(', ')}.`);
  }
  if (run === null || run.settling) throw failure('RunClosing', 'This containment has settled already.');
}

/** Whether this join comes from the call that started the run: its request came as the workflow's argument. */
function isStarter(args: JoinArgs): boolean {
  const startedBy = workflowInfo().memo?.[MEMO_KEYS.startedBy];
  return typeof startedBy === 'string' && args?.callId === startedBy;
}

function differsFrom(run: Containment, request: CheckedRequest): string | null {
  const target = run.resolved?.target;
  const sensorId = target?.sensorId ?? run.wanted.sensorId;
  if (request.sensorId !== null && sensorId !== null && request.sensorId !== sensorId) {
    return `This containment works on sensor ${sensorId}, the request names sensor ${request.sensorId}.`;
  }
  if (request.hostname === null) return null;
  const names = [run.wanted.hostname, target?.hostname, target?.dnsName].filter((n) => typeof n === 'string');
  const asked = hostForm(request.hostname);
  if (names.length === 0 || names.some((n) => sameHost(hostForm(n), asked))) return null;
  return `This containment works on ${run.host}, the request names ${request.hostname}.`;
}

function sameHost(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return !short.includes('.') && long.startsWith(`${short}.`);
}

function stricter<T extends string>(order: readonly string[], a: T, b: T): T {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
