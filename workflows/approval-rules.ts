import {
  type Approval,
  APPROVALS,
  baseName,
  isGoodSignature,
  isServerOs,
  type Plan,
  protectedProcessName,
} from '../contract/index.js';
import type { Containment } from './containment.js';

/** What waits for a person whatever the plan says: the strictest of request, joins and policy. */
export function approvalMode(run: Containment): Approval {
  return stricterApproval(
    run.wanted.approval,
    stricterApproval(run.guard.policy.approval.always, byServer(run)),
  );
}

/** Whether a plan is made and judged before anything is killed or banned. */
export function needsPlan(run: Containment): boolean {
  const { protectedName, signed, unsigned, seenOnMoreThan } = run.guard.policy.approval.when;
  return approvalMode(run) !== 'none' || protectedName || signed || unsigned || seenOnMoreThan !== null;
}

/** Why a person must look at this plan, in words; nothing: it may be carried out at once. */
export function whyAsk(run: Containment, plan: Plan): string[] {
  if (!changes(run, plan)) return [];
  const { always, when } = run.guard.policy.approval;
  const because: string[] = [];
  if (run.wanted.approval !== 'none') because.push(`the request asks for approval (${run.wanted.approval})`);
  if (always !== 'none') because.push(`the policy asks for approval of every containment (${always})`);
  if (byServer(run) !== 'none') because.push(`the host is a server (${plan.target.os})`);
  const named = plan.processes.find(
    (p) => protectedProcessName(baseName(p.path), plan.target.osType) !== null,
  );
  if (when.protectedName && named !== undefined)
    because.push(`${named.path} has the name of a protected process`);
  const byHash = when.signed || when.unsigned || when.seenOnMoreThan !== null;
  const unhashed = plan.processes.find((p) => p.outcome === 'unknown' && p.md5 === null);
  if (byHash && unhashed !== undefined)
    because.push(`the hash of ${unhashed.path} is not known, so neither is who signed it`);
  for (const { md5, signed, publisher, hostsSeen } of toBan(plan)) {
    if (when.signed && isGoodSignature(signed))
      because.push(`${md5} is signed by ${publisher ?? 'somebody'}`);
    if (when.unsigned && !isGoodSignature(signed))
      because.push(`${md5} is not signed (${signed ?? 'not known'})`);
    if (when.seenOnMoreThan !== null && hostsSeen !== null && hostsSeen > when.seenOnMoreThan)
      because.push(`${md5} was seen on ${hostsSeen} hosts`);
  }
  return because.slice(0, 20);
}

export function stricterApproval(a: Approval, b: Approval): Approval {
  return APPROVALS.indexOf(a) >= APPROVALS.indexOf(b) ? a : b;
}

/** Hashes that a plan would ban and that no ban stops yet. */
export function toBan(plan: Plan): Plan['hashes'] {
  return plan.hashes.filter((h) => h.judgement === 'ban' && h.ban?.enabled !== true);
}

/** Whether a plan holds anything that waits for a person: where all is dead and banned already, there is nothing to ask. */
function changes(run: Containment, plan: Plan): boolean {
  const kills = plan.processes.some((p) => p.outcome === 'unknown');
  return kills || toBan(plan).length > 0 || run.approval.isolation === 'waits';
}

function byServer(run: Containment): Approval {
  const isServer = run.guard.policy.approval.when.serverOs && isServerOs(run.resolved?.target.os ?? '');
  return isServer ? 'before-kill' : 'none';
}
