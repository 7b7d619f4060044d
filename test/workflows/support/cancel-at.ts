import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { FailurePolicy } from '../../../contract/index.js';
import type { JournalEntry } from '../../../simulator/index.js';
import type { Containment, Outcome, PlaybookTestEnvironment } from '../../../testing/index.js';
import { aftermath, type Aftermath } from './aftermath.js';
import { EVIL_PATH, evilMd5, hostName } from './hosts.js';

export interface CancelledRun {
  outcome: Outcome;
  left: Aftermath;
  /** The request at which the cancel came, or null where the run made fewer. */
  at: JournalEntry | null;
  /** Kills that the server was asked for on this host: whoever asks for one has seen a list with a live match. */
  killsAsked: number;
}

/** The nth request of one kind: runs send their requests side by side, so that a place in all of them is no name. */
export interface Point {
  route: string;
  nth: number;
  /** Of Live Response commands, only those of this name. */
  command?: string;
}

export function start(
  env: PlaybookTestEnvironment,
  n: number,
  onFailure: FailurePolicy = 'auto',
): Promise<Containment> {
  return env.contain({
    hostname: hostName(n),
    processName: 'evil.exe',
    banMd5: [givenMd5(n)],
    onFailure,
  });
}

/** Each request of a run that nobody cancels, on the nth host. */
export async function pointsOfACleanRun(env: PlaybookTestEnvironment, n: number): Promise<Point[]> {
  const first = env.simulator.journal().length;
  const { receipt } = await (await start(env, n)).outcome();
  assert.equal(receipt?.verdict, 'contained');
  const seen = new Map<string, number>();
  return env.simulator
    .journal()
    .slice(first)
    .filter((entry) => concerns(entry, n))
    .map(({ route }) => {
      const nth = (seen.get(route) ?? 0) + 1;
      seen.set(route, nth);
      return { route, nth };
    });
}

/** The leases of other hosts look at theirs meanwhile. */
function concerns({ route, path }: JournalEntry, n: number): boolean {
  return !route.endsWith('/sensor/:id') || path.endsWith(`/sensor/${n}`);
}

/**
 * Contains the nth host of a fleet and cancels the run at one of its requests, before or after that acts. The request goes
 * on only when the workflow has heeded the cancel.
 */
export async function cancelAt(
  env: PlaybookTestEnvironment,
  n: number,
  point: Point,
  phase: 'before' | 'after',
  policy?: FailurePolicy,
): Promise<CancelledRun> {
  const { simulator } = env;
  let cancel: () => Promise<boolean> = () => Promise.reject(new Error('The run is not started yet.'));
  let at: JournalEntry | null = null;
  let seen = 0;
  const started = start(env, n, policy).then((run) => {
    cancel = async () => {
      await untilQuiet(run.handle);
      // The lease goes on looking at its host when the run is over.
      if ((await run.handle.describe()).status.name !== 'RUNNING') return false;
      await run.handle.cancel();
      await untilHeeded(run.handle);
      return true;
    };
    return run;
  });
  let gate: Promise<void> | undefined;
  const stop = simulator.observe(async ({ phase: now, entry }) => {
    const isOne =
      now === phase && entry.route === point.route && isNamed(entry, point.command) && concerns(entry, n);
    if (!isOne || (seen += 1) !== point.nth) return await gate;
    await started;
    // Everybody else's requests wait as well: see `untilHeeded`.
    gate = cancel().then((cancelled) => {
      if (cancelled) at = entry;
    });
    await gate;
  });
  try {
    const outcome = await (await started).outcome();
    // Whatever was wished is a fact after the next check-ins. No longer than that: now and then the time-skipping server
    // takes a cancelled activity for one that runs, and lets the time pass as it is.
    await env.sleep('20s');
    return { outcome, left: await leftOn(env, n), at, killsAsked: await killsAskedOn(env, n) };
  } finally {
    stop();
  }
}

function isNamed({ body }: JournalEntry, command: string | undefined): boolean {
  return command === undefined || (body as { name?: unknown } | null)?.name === command;
}

async function killsAskedOn({ simulator }: PlaybookTestEnvironment, n: number): Promise<number> {
  const { sessions } = await simulator.state();
  const paths = sessions.filter((s) => s.sensorId === n).map((s) => `/api/v1/cblr/session/${s.id}/command`);
  const commands = simulator.journal().filter((e) => e.method === 'POST' && paths.includes(e.path));
  return commands.filter((e) => isNamed(e, 'kill')).length;
}

/** Until no workflow task is under way and none has come for a moment: what could complete without a request, has. */
export async function untilQuiet(handle: WorkflowHandle): Promise<void> {
  for (let seen = -1, calm = 0; calm < 2;) {
    await sleep(25);
    const events = (await handle.fetchHistory()).events ?? [];
    const last = events.at(-1);
    const busy = last?.workflowTaskScheduledEventAttributes ?? last?.workflowTaskStartedEventAttributes;
    calm = events.length === seen && !busy ? calm + 1 : 0;
    seen = events.length;
  }
}

/** More than the ten seconds below; a run that heeds no cancel by then shows it in its outcome. */
const PATIENCE_MS = 15_000;

/**
 * Until a workflow task has dealt with the cancel. The time-skipping server refuses a workflow task that cancels an
 * activity which has just completed (ACTIVITY_UNKNOWN), and waits ten real seconds then.
 */
export async function untilHeeded(handle: WorkflowHandle): Promise<void> {
  for (const given = Date.now() + PATIENCE_MS; Date.now() < given;) {
    const events = (await handle.fetchHistory()).events ?? [];
    const asked = events.findIndex((e) => e.workflowExecutionCancelRequestedEventAttributes);
    if (isHeeded(events.slice(asked))) return;
    await sleep(15);
  }
}

type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;

/** A task has been done since; and one more, where it first asks how far the kill was. */
function isHeeded(since: Events): boolean {
  const done = (events: Events): boolean => events.some((e) => e.workflowTaskCompletedEventAttributes);
  const asks = since.find(
    (e) => e.activityTaskScheduledEventAttributes?.activityType?.name === 'readProgress',
  );
  if (asks === undefined) return done(since);
  const told = since.findIndex((e) =>
    [e.activityTaskCompletedEventAttributes, e.activityTaskTimedOutEventAttributes].some(
      (closed) => closed != null && String(closed.scheduledEventId) === String(asks.eventId),
    ),
  );
  return told >= 0 && done(since.slice(told));
}

function leftOn(env: PlaybookTestEnvironment, n: number): Promise<Aftermath> {
  return aftermath(env, n, { path: EVIL_PATH, md5s: [evilMd5(n), givenMd5(n)] });
}

/** A hash that is given in the request and of no binary here, so that a ban is under way beside everything else. */
export function givenMd5(n: number): string {
  return n.toString(16).toUpperCase().padStart(32, 'A');
}

/** What must hold of every run that was cancelled under `auto`, wherever the cancel came. */
export function assertNothingLeaks(run: CancelledRun, md5s: readonly string[]): void {
  const { outcome, left, at, killsAsked } = run;
  const where = `${at?.method} ${at?.path} → ${outcome.receipt?.verdict}`;
  const receipt = outcome.receipt;
  assert.ok(receipt, where);
  assert.deepEqual(left.openSessions, [], `${where}: no session stays open`);
  assert.equal(left.fact, left.wish, `${where}: wish and fact agree in the end`);
  switch (receipt.verdict) {
    case 'rolled-back':
    case 'not-contained':
      assert.equal(outcome.closed, 'cancelled', where);
      assert.equal(left.wish, false, `${where}: no wish of ours is left`);
      assert.deepEqual(left.banned, [], `${where}: no ban of ours is left`);
      for (const { guid, outcome: kill } of receipt.processes)
        assert.ok(kill === 'killed' || kill === 'already-gone', `${where}: ${guid} was seen and is ${kill}`);
      assert.ok(left.alive === 0 || killsAsked === 0, `${where}: no list had shown what lives on`);
      break;
    case 'contained-partly':
    case 'isolation-pending':
      assert.equal(outcome.closed, 'failed', where);
      assert.equal(outcome.type, receipt.verdict, where);
      assert.ok(receipt.gaps.includes('process-alive'), `${where}: kept because of a live match`);
      assert.equal(left.wish, true, `${where}: the host stays isolated`);
      assert.deepEqual(receipt.undo, [], where);
      for (const { md5, outcome: ban } of receipt.bans) {
        if (ban === 'banned') assert.ok(left.banned.includes(md5), `${where}: bans stand`);
      }
      break;
    default:
      assert.fail(`${where}: never after a cancel`);
  }
  assert.ok(
    left.banned.every((md5) => md5s.includes(md5)),
    where,
  );
}
