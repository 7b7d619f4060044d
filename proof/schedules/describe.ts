import type { PlannedEvent, Schedule } from './schedule.js';
import type { RunSeen, Seen } from './seen.js';

/** A schedule in a few lines that a person can read. */
export function describeSchedule(schedule: Schedule): string {
  const { seed, stage, profile, checkinSeconds, liftMs, hosts, bans, runs, faults, events, knobs } = schedule;
  const unlike = Object.entries(knobs).map(([knob, value]) => `${knob} ${JSON.stringify(value)}`);
  return [
    `seed ${seed}, stage ${stage}: server ${profile}, check-in ${checkinSeconds} s, everything lifted after ${inWords(liftMs)}`,
    `  server: ${unlike.join(', ')}`,
    ...hosts.map(
      ({ hostname, sensorId, os, isolatedBefore, offline, processes }) =>
        `  host ${hostname} (sensor ${sensorId}, ${os}${isolatedBefore ? ', isolated by somebody else' : ''}${offline ? ', offline' : ''}): ${processes.map(told).join('; ') || 'nothing of interest'}`,
    ),
    ...bans.map(({ md5, enabled }) => `  banned before: ${md5}${enabled ? '' : ' (disabled again)'}`),
    ...runs.map(
      ({ host, request, workflowId }) =>
        `  run on ${hosts[host]?.hostname}${workflowId === null ? '' : ` as ${workflowId}`}: ${JSON.stringify(request)}`,
    ),
    ...faults.map(
      ({ name, match, times }) =>
        `  fault ${name}, ${times} in a row from request ${match.nth} of ${String(match.route ?? 'any')}`,
    ),
    ...events.map((event) => `  ${whenOf(event)}: ${deedOf(event)}`),
  ].join('\n');
}

function told({ path, binary, ...rest }: Schedule['hosts'][number]['processes'][number]): string {
  const { pid: _, parent: __, ...nature } = rest;
  return `${path} [${binary}] ${JSON.stringify(nature)}`;
}

function whenOf({ when }: PlannedEvent): string {
  return 'ms' in when ? `after ${inWords(when.ms)}` : `${when.phase} request ${when.request} acts`;
}

function deedOf({ action }: PlannedEvent): string {
  const { do: what, ...how } = action;
  return `${what} ${JSON.stringify(how)}`;
}

function inWords(ms: number): string {
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${(ms / 60_000).toFixed(0)} min`;
}

/** What became of it: runs, deeds, and what happened to the hosts. */
export function describeSeen(seen: Seen): string {
  const from = Math.min(...seen.runs.map(({ startedAt }) => startedAt));
  const after = (at: number): string => `+${((at - from) / 1_000).toFixed(1)} s`;
  return [
    ...seen.runs.map((run) => `  ${runOf(run, after)}`),
    ...seen.deeds.map(
      ({ what, sensorId, at, code, message }) =>
        `  ${after(at)} ${what} of sensor ${sensorId ?? '-'}: ${code ?? 'done'}${message === null ? '' : ` (${message.slice(0, 200)})`}`,
    ),
    ...seen.leases.map(
      ({ sensorId, status, state }) =>
        `  lease of sensor ${sensorId}: ${status}${state === null ? '' : `, ${state.wish}, ${state.ours ? 'ours' : 'not ours'}, holds ${JSON.stringify(state.holds.map((h) => h.holdId))}`}`,
    ),
    ...seen.ledger
      .filter(({ sensorId }) =>
        seen.schedule.hosts.some((h) => sensorId === undefined || h.sensorId === sensorId),
      )
      .map(({ at, ...entry }) => `  ${after(at)} ${JSON.stringify(entry)}`),
  ].join('\n');
}

function runOf(run: RunSeen, after: (at: number) => string): string {
  const { workflowId, closed, endedAt, receipt } = run;
  const end = endedAt === null ? 'has not ended' : `${closed} at ${after(endedAt)}`;
  if (receipt === null) return `${workflowId}: ${end}`;
  const { verdict, gaps, summary, isolation, processes, bans, undo, problems, sessions } = receipt;
  const facts = { gaps, isolation, processes, bans, undo, problems, sessions };
  return `${workflowId}: ${end}, ${verdict}: ${summary} ${JSON.stringify(facts)}`;
}
