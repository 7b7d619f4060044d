import type { Context } from '@temporalio/activity';
import { ActivityNotFoundError } from '@temporalio/client';
import { checkinTimeoutFor } from '../../cb-response/index.js';
import type {
  EarlierKills,
  EnumerateAndKillInput,
  KillInstance,
  KillProgress,
} from '../../contract/index.js';
import { remember, startFrom } from '../border.js';
import type { Deps } from '../deps.js';
import { failure } from '../failure.js';
import { Known } from './known.js';

/** The step's time is over; what was done so far is the result. */
export class StepDeadline extends Error {
  override readonly name = 'StepDeadline';
}

/** Another attempt has taken this one's place: stop, and close nothing. */
class OwnershipLost extends Error {
  override readonly name = 'OwnershipLost';
}

/** After so long without a sign of life the attempt may have timed out (its heartbeat time-out is ten seconds). */
const ASK_AFTER_MS = 5_000;

/** One attempt of `enumerateAndKill`: what it may use, and what it has to remember for the next attempt. */
export class KillRun {
  readonly progress: KillProgress;
  readonly signal: AbortSignal;
  /** The session that this attempt has seen active; commands go to it until the server says it is gone. */
  activeSession: number | null = null;
  /** Sessions that have ended: a list may go on showing one with its old status for minutes (API reference 4.2). */
  readonly gone = new Set<number>();
  /** Whether this attempt has seen its session standing: what fails then is a passing fault, and worth a quick retry. */
  reached = false;
  private hasTurn = false;
  /** When it came, until the first session of it was opened. */
  private turnAt: number | null = null;
  /** The server knows this attempt no more: it timed out, and another one has taken its place. */
  lost = false;
  readonly known = new Known();
  private lastSign: number;

  constructor(
    readonly deps: Deps,
    readonly context: Context,
    readonly input: EnumerateAndKillInput,
    startedAt: number,
  ) {
    const left = context.info.heartbeatDetails as KillProgress | null | undefined;
    // What an older version left behind lacks what is newer.
    this.progress = {
      ...freshProgress(startedAt, input.earlierKills ?? null),
      askedTimeoutS: checkinTimeoutFor(2 * input.checkin.intervalMs),
      ...(left ? notAhead(left, startedAt) : {}),
    };
    this.signal = context.cancellationSignal;
    this.lastSign = startedAt;
    startFrom(context, this.progress);
  }

  now(): Promise<number> | number {
    return this.deps.clock.now();
  }

  sleep(ms: number): Promise<void> {
    return this.deps.clock.sleep(ms, this.signal);
  }

  /**
   * Sends the progress past the heartbeat throttle: a details message sent just before a SIGKILL would be lost, and with
   * it the knowledge whose session it is, or what was killed.
   */
  async checkpoint(): Promise<void> {
    await this.send();
    this.signal.throwIfAborted();
    await this.requireStillOurs();
  }

  /** Sends the progress now: call before an attempt ends with an error, for the next one starts from it. */
  async send(): Promise<void> {
    remember(this.context, this.progress);
    const { client, info } = this.context;
    try {
      await client.activity.heartbeat(info.taskToken, this.progress);
    } catch (err) {
      // The ordinary heartbeat carries it too; a checkpoint that cannot be sent must not stop a kill.
      if (err instanceof ActivityNotFoundError) this.lost = true;
    }
    this.lastSign = await this.now();
  }

  /**
   * When the step ends: its budget counts from the first slot, and while all slots are taken by others it does not count
   * at all. No later than `latest`.
   */
  get deadline(): number {
    const { slotAt, budgetFrom } = this.progress;
    return Math.min((slotAt ?? budgetFrom) + this.input.deadlineAfterSlotMs, this.input.latest);
  }

  /** Call before each change: a laptop that wakes up an hour later changes nothing. */
  async requireTime(): Promise<void> {
    this.signal.throwIfAborted();
    await this.requireStillOurs();
    if ((await this.now()) > this.deadline) throw new StepDeadline('The step’s deadline has passed.');
  }

  /**
   * A process that slept may have lost the activity to another one, and not know yet: then it asks. `always`: even where its
   * clock tells of no sleep, for that of a paused virtual machine stands still as well.
   */
  async requireStillOurs(always = false): Promise<void> {
    const now = await this.now();
    const silentMs = now - this.lastSign;
    this.lastSign = now;
    // Below nothing: the clock was set back, and nobody knows for how long there was no sign.
    if (always || silentMs > ASK_AFTER_MS || silentMs < 0) await this.send();
    if (this.lost) throw new OwnershipLost('Another attempt has taken the place of this one.');
  }

  instance(guid: string): KillInstance | undefined {
    return this.progress.instances.find((i) => i.guid === guid);
  }

  note(text: string): void {
    if (!this.progress.notes.includes(text)) this.progress.notes.push(text);
  }

  /** Waits until this worker may have one more session. That time is nobody's failure, and no part of the step's budget. */
  async takeTurn(): Promise<void> {
    const goesFirst = this.progress.sessionId !== null;
    const waited = await this.deps.turns.take(this.input.checkin, { goesFirst, signal: this.signal });
    this.hasTurn = true;
    this.turnAt = await this.now();
    if (waited) this.progress.budgetFrom = this.turnAt;
  }

  /** A session stands: so long it takes to have one. */
  async opened(): Promise<void> {
    if (this.turnAt !== null) this.deps.turns.tookToOpen((await this.now()) - this.turnAt);
    this.turnAt = null;
  }

  async giveTurn(): Promise<void> {
    if (!this.hasTurn) return;
    this.hasTurn = false;
    await this.deps.turns.give();
  }

  /** All slots are taken by others: nobody's failure, tried again in 15 to 30 s. */
  async waitForSlot(message: string): Promise<never> {
    this.progress.budgetFrom = await this.now();
    remember(this.context, this.progress);
    throw failure('TooManySessions', message, {
      nextRetryDelay: slotPause(this.input.run.runId, this.context.info.attempt),
      benign: true,
    });
  }
}

/** Another worker's clock may be ahead of this one's: no budget counts from a moment that is still to come. */
function notAhead(left: KillProgress, now: number): KillProgress {
  const slotAt = left.slotAt === null ? null : Math.min(left.slotAt, now);
  return {
    ...left,
    startedAt: Math.min(left.startedAt, now),
    budgetFrom: Math.min(left.budgetFrom, now),
    slotAt,
  };
}

export function freshProgress(startedAt: number, earlier: EarlierKills | null): KillProgress {
  return {
    startedAt,
    budgetFrom: startedAt,
    slotAt: null,
    sessionsBefore: null,
    sessionId: null,
    sessionOurs: false,
    username: null,
    round: earlier?.rounds ?? 0,
    listed: false,
    liveMatches: null,
    lastListAt: null,
    instances: [],
    newestBeforeKills: earlier?.newestBeforeKills ?? null,
    evidenceFrom: null,
    evidence: [],
    sessions: [],
    notes: [],
  };
}

/** 15 to 30 s, another for each run and try, so that those who wait do not all come back at once. */
function slotPause(runId: string, attempt: number): number {
  let sum = attempt * 7_919;
  for (const char of runId) sum = (sum * 31 + char.charCodeAt(0)) % 15_001;
  return 15_000 + (sum % 15_001);
}
