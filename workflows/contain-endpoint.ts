import {
  allHandlersFinished,
  CancellationScope,
  condition,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  type ApproveArgs,
  checkRequest,
  type ContainRequest,
  type DecideArgs,
  type DenyArgs,
  describeMistakes,
  type FailurePolicyArgs,
  type JoinArgs,
  type Receipt,
} from '../contract/index.js';
import { answerQuestion, validateApprove, validateDeny } from './approval.js';
import { close } from './close.js';
import { Containment } from './containment.js';
import { dryRun } from './dry-run.js';
import { statusOf } from './face.js';
import { failure, problemOf, wrongRequest } from './failure.js';
import { join, validateDecision, validateFailurePolicy, validateJoin } from './join.js';
import {
  approveUpdate,
  decideUpdate,
  denyUpdate,
  failurePolicyUpdate,
  joinUpdate,
  planQuery,
  receiptQuery,
  statusQuery,
} from './messages.js';
import { carryOut } from './carry-out.js';
import { settle } from './settle.js';
import { admit } from './step-admit.js';
import { refuseOffline } from './step-offline.js';
import { preflight, resolveTarget } from './step-resolve.js';

/**
 * One containment of one host: isolate, enumerate and kill, ban, and the undo of it all when it fails.
 * A green row in Temporal Web is a contained host, nothing else: every other verdict closes Failed or Cancelled.
 *
 * @param input see `ContainRequest`; anything may start this workflow, so it is checked here.
 * @throws ApplicationFailure type = verdict, details[0] = receipt; or `InvalidRequest`, details[0] = the mistakes
 */
export async function containEndpoint(input: ContainRequest): Promise<Receipt> {
  const root = CancellationScope.current();
  const checked = checkRequest(input);
  const run = checked.ok ? new Containment(input, checked.request) : null;
  if (run !== null) run.isCancelled = () => root.consideredCancelled;
  let receipt: Receipt | null = null;
  handleMessages(run, () => receipt);
  if (run === null) {
    const mistakes = checked.ok ? [] : checked.mistakes;
    throw failure('InvalidRequest', describeMistakes(mistakes), mistakes);
  }
  try {
    await resolveTarget(run);
    if (run.wanted.dryRun) {
      await dryRun(run);
    } else {
      refuseOffline(run);
      await preflight(run);
      await admit(run);
      await carryOut(run);
    }
  } catch (err) {
    const wrong = run.resolved === null ? wrongRequest(err) : null;
    if (wrong !== null && !root.consideredCancelled) throw wrong;
    if (!root.consideredCancelled) run.fail(problemOf(run.step, err), err);
  }
  run.settling = true;
  receipt = await CancellationScope.nonCancellable(() => settle(run, root));
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  return close(run, receipt, root.consideredCancelled);
}

function handleMessages(run: Containment | null, receipt: () => Receipt | null): void {
  const { workflowId, runId } = workflowInfo();
  const open = (): Containment => {
    if (run === null) throw failure('RunClosing', 'This run ends: its request is wrong.');
    return run;
  };
  setHandler(
    joinUpdate,
    (args) => ({ workflowId, runId, ...(run === null ? { joined: false } : join(run, args)) }),
    {
      description:
        'Add a request to this containment: {request: {hostname, processName, …}}. The stricter of both wins.',
      validator: (args: JoinArgs) => validateJoin(run, args),
    },
  );
  setHandler(
    failurePolicyUpdate,
    (args) => {
      open().policy = { policy: args.policy, changedBy: args.who ?? 'somebody', why: args.why ?? null };
      return { policy: args.policy };
    },
    {
      description:
        'What a failure or a cancel does from now on: {policy: auto | release | keep, who?, why?}.',
      validator: (args: FailurePolicyArgs) => validateFailurePolicy(run, args),
    },
  );
  setHandler(
    decideUpdate,
    (args) => {
      open().policy = { policy: args.decision, changedBy: args.who ?? 'somebody', why: args.why ?? null };
      return { policy: args.decision };
    },
    {
      description: 'Answer a run that asks: {decision: release | keep | auto, who?, why?}.',
      validator: (args: DecideArgs) => validateDecision(run, args),
    },
  );
  setHandler(approveUpdate, (args) => answerQuestion(open(), true, args), {
    description: 'Approve the plan that this run shows: {digest, who?, why?}.',
    validator: (args: ApproveArgs) => validateApprove(run, args),
  });
  setHandler(denyUpdate, (args) => answerQuestion(open(), false, args), {
    description: 'Deny the plan that this run shows: {who?, why?}.',
    validator: (args: DenyArgs) => validateDeny(run, args),
  });
  setHandler(planQuery, () => run?.approval.plan ?? null, { description: 'The last plan, or null.' });
  setHandler(statusQuery, () => statusOf(open(), receipt()), {
    description: 'Where the containment stands.',
  });
  setHandler(receiptQuery, receipt, { description: 'The receipt, or null while the run goes on.' });
}
