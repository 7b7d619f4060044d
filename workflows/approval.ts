import { condition } from '@temporalio/workflow';
import {
  type ApprovalAnswer,
  type ApproveArgs,
  type DenyArgs,
  formatDuration,
  type Plan,
} from '../contract/index.js';
import { notify } from './announce.js';
import { approvalMode, toBan } from './approval-rules.js';
import type { Answer, Question } from './approval-state.js';
import type { Containment } from './containment.js';
import { showStep } from './face.js';
import { failure } from './failure.js';
import { iso, now } from './time.js';

const MOST_TEXT = 1_000;
const WAITED_FOR = 'approval of the plan';

/** Shows a plan to people and waits, durably, for a yes, a no, or the deadline, which counts as no. */
export async function askForApproval(run: Containment, plan: Plan, because: string[]): Promise<Answer> {
  const timeoutMs = Math.min(run.wanted.approvalTimeoutMs ?? Infinity, run.guard.policy.approval.timeoutMs);
  const question: Question = { plan, because, deadline: now() + timeoutMs, answer: null };
  const { approval } = run;
  approval.question = question;
  note(run, question, 1);
  run.waitingFor.set(WAITED_FOR, question.deadline);
  try {
    showStep(run);
    if (run.notifies)
      await notify(run.event('approval-wanted', questionText(run, question, timeoutMs), null));
    await condition(() => question.answer !== null, Math.max(1, question.deadline - now()), {
      summary: `Until a person approves or denies the plan for ${run.host}`,
    });
    if (question.answer === null) {
      question.answer = { approved: false, who: null, why: null, at: now(), expired: true };
      run.deadlinePassed(WAITED_FOR, question.deadline);
    }
    note(run, question, 0);
    return question.answer;
  } finally {
    run.waitingFor.delete(WAITED_FOR);
    approval.question = null;
    showStep(run);
  }
}

export function validateApprove(run: Containment | null, args: ApproveArgs): void {
  checkWords(args);
  if (typeof args?.digest !== 'string' || !/^[0-9a-f]{64}$/i.test(args.digest.trim()))
    throw failure('InvalidRequest', 'digest: the 64 hex digits of the plan that status shows.');
  const { plan } = asked(run);
  if (plan.digest === args.digest.trim().toLowerCase()) return;
  throw failure(
    'StaleDigest',
    `The plan that is shown now has the digest ${plan.digest}, not ${args.digest.trim()}: look at it before you approve it.`,
  );
}

export function validateDeny(run: Containment | null, args: DenyArgs): void {
  checkWords(args);
  asked(run);
}

export function answerQuestion(run: Containment, approved: boolean, args: DenyArgs): ApprovalAnswer {
  const question = asked(run);
  const { who = null, why = null } = args ?? {};
  question.answer = { approved, who, why, at: now(), expired: false };
  return { answer: approved ? 'approved' : 'denied', digest: question.plan.digest };
}

/** The question that stands, or a refusal that says what became of it. */
function asked(run: Containment | null): Question {
  const question = run?.approval.question ?? null;
  if (question === null || run?.isCancelled() === true) {
    const last = run?.approval.report?.answer ?? null;
    const before = last === null || last === 'not-needed' ? '' : ` Its last plan was ${words(last, run)}.`;
    throw failure('NotAsking', `This run waits for no approval now.${before}`);
  }
  const { answer } = question;
  // A worker that was away over the deadline must not find a yes that came after it.
  if (answer === null && now() > question.deadline)
    throw failure(
      'NotAsking',
      `The plan had to be answered by ${iso(question.deadline)}: it counts as denied.`,
    );
  if (answer === null) return question;
  throw failure(
    'NotAsking',
    `The plan was answered already: ${answer.approved ? 'approved' : 'denied'} by ${answer.who ?? 'somebody'}.`,
  );
}

function outcomeOf(answer: Answer): 'approved' | 'denied' | 'expired' {
  return answer.approved ? 'approved' : answer.expired ? 'expired' : 'denied';
}

function words(answer: string, run: Containment | null): string {
  return answer === 'expired'
    ? 'not answered in time'
    : `${answer} by ${run?.approval.report?.who ?? 'somebody'}`;
}

function checkWords(args: DenyArgs | undefined): void {
  for (const text of [args?.who, args?.why]) {
    if (text !== undefined && text !== null && (typeof text !== 'string' || text.length > MOST_TEXT))
      throw failure('InvalidRequest', `who, why: texts of at most ${MOST_TEXT} characters.`);
  }
}

function note(run: Containment, question: Question, shown: number): void {
  const { answer, plan, because } = question;
  run.approval.note(
    {
      mode: approvalMode(run) === 'before-all' ? 'before-all' : 'before-kill',
      because,
      answer: answer === null ? null : outcomeOf(answer),
      digest: plan.digest,
      who: answer?.who ?? null,
      why: answer?.why ?? null,
      at: answer === null ? null : iso(answer.at),
    },
    shown,
  );
}

function questionText(run: Containment, { plan, because, deadline }: Question, timeoutMs: number): string {
  const kills = plan.processes.filter((p) => p.outcome === 'unknown').length;
  const waits = run.approval.isolation === 'waits' ? 'isolation, ' : '';
  return (
    `${run.host}: ${waits}${kills} kill(s) and ${toBan(plan).length} ban(s) wait for approval, because ${because.join('; ')}. ` +
    `Within ${formatDuration(timeoutMs)} (until ${iso(deadline)}): cb-playbook approve ${run.workflowId} --digest ${plan.digest}, ` +
    `or cb-playbook deny ${run.workflowId} --reason TEXT.`
  );
}
