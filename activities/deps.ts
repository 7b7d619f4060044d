import type { CbResponse } from '../cb-response/index.js';
import type { Checkin, Policy } from '../contract/index.js';
import type { KnownAttributes } from './known-attributes.js';
import type { ReadInfo } from './server-info.js';

/** Milliseconds since 1970, and a sleep that a signal may end early (it then rejects with the signal's reason). */
export interface Clock {
  now(): number | Promise<number>;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What activities need of the world; Temporal's client they take from their own context. */
export interface Deps {
  cb: CbResponse;
  clock: Clock;
  /** Where people are told (`CB_PLAYBOOK_NOTIFY_URL`), or `null`. The URL is a secret. */
  notify: NotifyReceiver | null;
  /** The worker's own policy, as it was when the worker started. */
  policy: NamedPolicy;
  /** The server's own settings, read or remembered. */
  info: ReadInfo;
  /** Ours of the namespace's search attributes, read or remembered. */
  attributes: KnownAttributes;
  /** Whose turn it is to have a Live Response session. */
  turns: Turns;
  /** Whose turn it is to kill on a host. */
  killTurns: KillTurns;
  /** Folder for evidence on this worker's machine, or `null`: it keeps none. */
  evidenceDir: string | null;
}

/** Live Response sessions of this worker: only so many at once. */
export interface Turns {
  /**
   * Whether it had to wait; each turn is to be given back. `goesFirst`: before those that have no session yet. Rejects with
   * the signal's reason.
   */
  take(
    checkin: Pick<Checkin, 'intervalMs' | 'nextAt'>,
    o: { goesFirst: boolean; signal: AbortSignal },
  ): Promise<boolean>;
  /** How long it took from a turn to its session, ms. */
  tookToOpen(ms: number): void;
  give(): Promise<void>;
}

/** One run of this worker at a time kills on a host. */
export interface KillTurns {
  /** Kills of this worker on that sensor that have ended: a list from before another run's kill is good for none. */
  killsOn(sensorId: number): number;
  /** Gives the turn back; `killed`: a kill was posted in it. Rejects with the signal's reason. */
  take(sensorId: number, signal: AbortSignal): Promise<(killed: boolean) => void>;
}

export interface NotifyReceiver {
  url: string;
  /** Tell `contained` too. */
  all: boolean;
}

/** A policy, and by what name people know it: its file, or `built-in`. */
export interface NamedPolicy {
  policy: Policy;
  name: string;
}
