import {
  type AdmitAnswer,
  type AdmitArgs,
  BRAKES_HOUR_MS,
  BRAKES_MOST_EVENTS,
  type BrakesCarried,
  type CountedSensor,
  type PauseArgs,
  pausedWords,
  type ResumeArgs,
} from '../contract/index.js';
import { iso, now } from './time.js';

/** State travels in a memo and in the argument of the next run: beyond so many, a limit counts as reached. */
export const MOST_COUNTED = 1_000;
const MOST_RUNS = 10;

/** All that the brakes know. Nothing here awaits, so two starts that race are judged one after the other. */
export class BrakeBook implements BrakesCarried {
  paused: BrakesCarried['paused'];
  lastHour: BrakesCarried['lastHour'];
  isolated: BrakesCarried['isolated'];
  events: BrakesCarried['events'];
  admitted: number;
  /** Counts changes, so that the workflow sees that there is something new. */
  version = 0;

  constructor(carried: BrakesCarried | undefined) {
    this.paused = carried?.paused ?? null;
    this.lastHour = carried?.lastHour ?? [];
    this.isolated = carried?.isolated ?? [];
    this.events = carried?.events ?? [];
    this.admitted = carried?.admitted ?? Math.max(0, ...this.isolated.map((s) => s.admissions));
  }

  carried(): BrakesCarried {
    const { paused, lastHour, isolated, events, admitted } = this;
    return { paused, lastHour, isolated, events, admitted };
  }

  /** False where it was paused already: then the first who did it stands. */
  pause({ who, why }: PauseArgs): boolean {
    const changed = this.paused === null;
    this.paused ??= { by: who, since: iso(now()), why };
    this.happened(`Paused by ${who ?? 'somebody'}${changed ? '' : ' once more'}: ${why}`);
    return changed;
  }

  resume({ who, why }: ResumeArgs): boolean {
    if (this.paused === null) return false;
    this.paused = null;
    this.happened(`Resumed by ${who ?? 'somebody'}${why === null ? '' : `: ${why}`}`);
    return true;
  }

  admit(args: AdmitArgs): AdmitAnswer {
    const run = `${args.workflowId}/${args.runId}`;
    this.forget(args.gone);
    const before = this.lastHour.find((a) => a.run === run);
    if (before !== undefined) return letIn(before.letThrough);
    if (this.paused !== null) {
      const { by, since, why } = this.paused;
      return { admitted: false, type: 'Paused', why: pausedWords({ by, since, why }), counted: [] };
    }
    const full = this.noPlaceFor(args);
    const reached = [this.hourReached(args), full].filter((why) => why !== null).join(' ');
    if (reached !== '' && !args.override) {
      return {
        admitted: false,
        type: 'LimitReached',
        why: reached,
        counted: full === null ? [] : this.isolated,
      };
    }
    const letThrough = reached === '' ? null : reached;
    this.lastHour = [...this.lastHour, { run, at: now(), letThrough }].slice(-MOST_COUNTED);
    if (args.isolate) this.count(args);
    this.version += 1;
    return letIn(letThrough);
  }

  private hourReached({ limits }: AdmitArgs): string | null {
    const limit = limits.containmentsPerHour;
    if (limit === null || this.lastHour.length < Math.min(limit, MOST_COUNTED)) return null;
    // More than the limit may be counted: so many have to grow old first that fewer than the limit are left.
    const last = this.lastHour[this.lastHour.length - Math.min(limit, MOST_COUNTED)];
    const free = last === undefined ? '' : ` The next may start at ${iso(last.at + BRAKES_HOUR_MS)}.`;
    return `The policy allows ${limit} new containments an hour, and ${this.lastHour.length} started within the last one.${free}`;
  }

  private noPlaceFor({ isolate, limits, sensorId }: AdmitArgs): string | null {
    const limit = limits.isolatedAtOnce;
    if (!isolate || limit === null || this.isolated.length < Math.min(limit, MOST_COUNTED)) return null;
    if (this.isolated.some((s) => s.sensorId === sensorId)) return null;
    const named = this.isolated.slice(0, 10).map((s) => s.hostname);
    const more =
      this.isolated.length > named.length ? ` and ${this.isolated.length - named.length} more` : '';
    return `The policy allows ${limit} hosts isolated by containments at once, and these are: ${named.join(', ')}${more}.`;
  }

  private count({ sensorId, hostname, workflowId, runId }: AdmitArgs): void {
    const known = this.isolated.find((s) => s.sensorId === sensorId);
    this.admitted += 1;
    const counted: CountedSensor = {
      sensorId,
      hostname,
      since: known?.since ?? iso(now()),
      runs: [...(known?.runs ?? []), { workflowId, runId }].slice(-MOST_RUNS),
      admissions: this.admitted,
    };
    this.isolated = [...this.isolated.filter((s) => s !== known), counted].slice(-MOST_COUNTED);
  }

  /** What is older than an hour, and whom the caller saw released; who was let through since then stays counted. */
  private forget(gone: AdmitArgs['gone']): void {
    const since = now() - BRAKES_HOUR_MS;
    const lastHour = this.lastHour.filter((a) => a.at > since);
    const isolated = this.isolated.filter(
      (s) => !gone.some((g) => g.sensorId === s.sensorId && g.admissions === s.admissions),
    );
    if (lastHour.length < this.lastHour.length || isolated.length < this.isolated.length) this.version += 1;
    this.lastHour = lastHour;
    this.isolated = isolated;
  }

  private happened(what: string): void {
    this.events = [...this.events, { at: iso(now()), what }].slice(-BRAKES_MOST_EVENTS);
    this.version += 1;
  }
}

function letIn(letThrough: string | null): AdmitAnswer {
  return {
    admitted: true,
    type: letThrough === null ? null : 'LimitReached',
    why: letThrough,
    counted: [],
  };
}
