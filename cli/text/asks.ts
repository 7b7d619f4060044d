import type { ContainmentStatus } from '../../contract/index.js';
import { planLines } from './plan.js';
import { dateTime } from './table.js';

/** What a person does about a run that asks; `null` where it asks nothing. */
export function askText(status: ContainmentStatus): string | null {
  const { step, workflowId, waitingFor, approval } = status;
  if (approval !== null && step === 'approval') {
    return (
      `It waits for approval until ${dateTime(approval.deadline)}, because ${approval.because.join('; ')}: ` +
      `cb-playbook approve ${workflowId} --digest ${approval.plan.digest}, or cb-playbook deny ${workflowId} --reason TEXT`
    );
  }
  if (step !== 'ask') return null;
  const deadline = waitingFor[0]?.deadline ?? null;
  const until = deadline === null ? '' : `, until ${dateTime(deadline)}`;
  return `It asks what to do${until}: cb-playbook decide ${workflowId} --keep | --release | --auto --reason TEXT`;
}

/** The question with the plan that it is about, for who waits. */
export function askWithPlan(status: ContainmentStatus): string | null {
  const text = askText(status);
  if (text === null || status.approval === null || status.step !== 'approval') return text;
  return [text, ...planLines(status.approval.plan)].join('\n');
}
