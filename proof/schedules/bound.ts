import { parseDuration } from '../../contract/index.js';
import type { Schedule } from './schedule.js';

const MINUTE = 60_000;

/**
 * By when every run of a schedule must have ended, ms after its beginning. Once the server answers and the host is there, no
 * step lasts longer than its own deadline: resolve 5 min, preflight and reads 10, a look at hashes 10, wish or ban 17, the fact
 * 5, Live Response 3 (or 3 check-ins) and its back-off, the index 15, the session's end 30, the last read and the lease 32, the
 * undo's next try 5: not three hours, and twice that where a second request joins. Before that a run may wait for its host as
 * long as it says, and for a person as long as it says.
 */
export function boundMs(schedule: Schedule): number {
  const requests = [
    ...schedule.runs.map(({ request }) => request),
    ...schedule.events.flatMap(({ action }) => (action.do === 'join' ? [action.request] : [])),
  ];
  const longest = (key: 'offlineFor' | 'askTimeout' | 'approvalTimeout'): number =>
    Math.max(0, ...requests.map((request) => parseDuration(request[key] ?? '0s') ?? 0));
  const lastDeed = Math.max(0, ...schedule.events.map(({ when }) => ('ms' in when ? when.ms : 0)));
  const waits = longest('offlineFor') + 2 * longest('askTimeout') + 2 * longest('approvalTimeout');
  return Math.max(schedule.liftMs, lastDeed) + waits + 6 * 60 * MINUTE;
}
