import type { ContainmentStatus, Step } from '../../contract/index.js';
import { formatDuration } from '../../contract/duration.js';

/** What a person follows; some steps are one to them. */
export const STAGES = ['find', 'isolate', 'kill', 'ban', 'confirm', 'undo', 'settle'] as const;
export type Stage = (typeof STAGES)[number];

export const STAGE_TITLES: Record<Stage, string> = {
  find: 'Find the sensor, check what can be done',
  isolate: 'Isolate the host',
  kill: 'Enumerate and kill',
  ban: 'Ban the hashes',
  confirm: 'Confirm the isolation',
  undo: 'Undo',
  settle: 'Settle',
};

export const STAGE_OF: Record<Step, Stage> = {
  resolve: 'find',
  preflight: 'find',
  isolate: 'isolate',
  'wait-online': 'kill',
  'enumerate-and-kill': 'kill',
  ban: 'ban',
  'confirm-isolation': 'confirm',
  ask: 'undo',
  approval: 'kill',
  undo: 'undo',
  settle: 'settle',
  closed: 'settle',
};

/** One line on what the run is at, for the stage it is in. */
export function detailOf(status: ContainmentStatus, now: number): string {
  const waiting = status.waitingFor[0];
  const processes =
    status.processes.total > 0 ? ` (${status.processes.dead} of ${status.processes.total} dead)` : '';
  if (waiting === undefined) return `${status.summary}${processes}`;
  const left = waiting.deadline === null ? null : Date.parse(waiting.deadline) - now;
  const rest = left === null || Number.isNaN(left) ? '' : `, at most ${formatDuration(left)} more`;
  return `waiting for ${waiting.what}${rest}${processes}`;
}
