import type { BrakesState } from '../../contract/index.js';
import { dateTime, section } from './table.js';

/** One line that nobody overlooks; `null` while nothing is paused. */
export function pausedLine({ paused, by, since, why }: BrakesState): string | null {
  if (!paused) return null;
  return `THE PLAYBOOK IS PAUSED by ${by ?? 'somebody'} since ${dateTime(since)}: ${why ?? ''} No new containment starts; cb-playbook resume lets it go on.`;
}

/** Pause and counts, for people. */
export function brakesText(state: BrakesState): string {
  return [
    pausedLine(state) ?? 'The playbook is not paused.',
    '',
    ...section('last hour', [`${state.lastHour} containments counted against the limits`]),
    ...section(
      'isolated',
      state.isolated.map((s) => `${s.hostname} (sensor ${s.sensorId}) since ${dateTime(s.since)}`),
    ),
    ...section(
      'before',
      state.events.slice(-5).map((e) => `${dateTime(e.at)} ${e.what}`),
    ),
  ].join('\n');
}
