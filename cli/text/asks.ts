import type { ContainmentStatus } from '../../contract/index.js';
import { dateTime } from './table.js';

/** What a person does about a run that asks; `null` where it asks nothing. */
export function askText({ step, workflowId, waitingFor }: ContainmentStatus): string | null {
  if (step !== 'ask') return null;
  const deadline = waitingFor[0]?.deadline ?? null;
  const until = deadline === null ? '' : `, until ${dateTime(deadline)}`;
  return `It asks what to do${until}: cb-playbook decide ${workflowId} --keep | --release | --auto --reason TEXT`;
}
