import { PLAYBOOK } from '../schedule.js';
import type { RunSeen, Seen } from '../seen.js';
import { Findings } from './findings.js';

/**
 * (d) No Live Response session of ours is open when a run has ended, but one that its receipt names as left open (the server
 * never took the close); nor any at rest. A terminated run closes nothing: its session ends by its own time-out.
 */
export function sessionsClosed(seen: Seen): Findings {
  const findings = new Findings();
  findings.looksAt(seen.atRest.sessions.filter(({ openedBy }) => openedBy === PLAYBOOK).length);
  for (const run of seen.runs) {
    const ours = run.openAtEnd.filter(({ openedBy }) => openedBy === PLAYBOOK);
    for (const session of ours) {
      if (isOfATerminated(seen, run.sensorId, session)) findings.count('session of a terminated run');
      else if (othersRun(seen, run)) findings.count('session of another run of the same host');
      else if (isNamedOnHost(seen, run.sensorId, session.id)) findings.count('session named as left open');
      else findings.violated(`${run.workflowId} has ended, and session ${session.id} is ${session.status}`);
    }
  }
  const mine = new Set(seen.schedule.hosts.map(({ sensorId }) => sensorId));
  const terminated = new Set(seen.runs.filter((r) => r.closed === 'terminated').map((r) => r.sensorId));
  for (const { id, status, sensorId, openedBy } of seen.atRest.sessions) {
    if (openedBy !== PLAYBOOK || !mine.has(sensorId) || !['pending', 'active'].includes(status)) continue;
    // In real time nobody waits for five minutes of silence.
    if (seen.schedule.stage === 'crash' && terminated.has(sensorId)) continue;
    if (seen.schedule.stage === 'crash' && isNamedOnHost(seen, sensorId, id)) continue;
    findings.violated(`at rest session ${id} of sensor ${sensorId} is ${status}`);
  }
  return findings;
}

/** Which of the runs of a host opened a session nobody tells: it may be one that was terminated since. */
function isOfATerminated(seen: Seen, sensorId: number, session: RunSeen['openAtEnd'][number]): boolean {
  return seen.runs.some(
    (run) =>
      run.sensorId === sensorId && run.closed === 'terminated' && session.createdAt <= (run.endedAt ?? 0),
  );
}

/** By its own run, or by one before: a run that is refused at once ends while the session of the last one still does. */
function isNamedOnHost(seen: Seen, sensorId: number, sessionId: number): boolean {
  return seen.runs.some((run) => run.sensorId === sensorId && isNamed(run, sessionId));
}

function isNamed({ receipt }: RunSeen, sessionId: number): boolean {
  if (receipt === null) return false;
  return (
    receipt.sessions.some(({ id, closed }) => id === sessionId && !closed) ||
    receipt.problems.some(({ step }) => step === 'settle-session')
  );
}

function othersRun(seen: Seen, run: RunSeen): boolean {
  const at = run.endedAt ?? Infinity;
  return seen.runs.some(
    (other) =>
      other.runId !== run.runId &&
      other.sensorId === run.sensorId &&
      (other.endedAt === null || other.endedAt >= at),
  );
}
