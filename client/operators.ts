import type { ApprovalAnswer, HostOverview, Plan, Reconciliation } from '../contract/index.js';
import {
  approveArgs,
  type ApproveOptions,
  approveRun,
  denyArgs,
  type DenyOptions,
  denyRun,
} from './approve.js';
import { decideArgs, type DecideOptions, decideRun } from './decide.js';
import { extendHold, type ExtendOptions, type ExtendResult } from './extend.js';
import { findRunOrLookUp } from './find-by-lookup.js';
import { hostStatusOf } from './host.js';
import type { HostStatus } from './host-types.js';
import { isolateHost, type IsolateOptions, type IsolateResult } from './isolate.js';
import { type Leases, listLeases } from './leases.js';
import { hostOf, lookUp, type LookupOptions } from './lookup.js';
import { planOf } from './plan.js';
import { type ReconcileOptions, reconcileLeases } from './reconcile.js';
import { releaseHost, type ReleaseOptions, type ReleaseResult } from './release.js';
import type { Session } from './session.js';

export interface AnsweredRun extends ApprovalAnswer {
  workflowId: string;
  runId: string;
}

/**
 * The isolation leases, for people and for automation that acts for them. `host` is the exact name of a host,
 * `sensor-<id>`, the id of a lease (`isolation/<sensor>`), or the exact workflow id of a containment.
 * All but `leases` need a worker; none needs a Cb token. What cannot be done throws a {@link PlaybookError} and has changed
 * nothing, unless it names a hold. Where nobody answers any more after a change, the result says what was changed.
 */
export interface OperatorMethods {
  /** Isolates a host by a hold of this person's own, and kills nothing. Only the sensor's word makes `isolated`. */
  isolate(host: string, options: IsolateOptions): Promise<IsolateResult>;
  /** Ends the holds of ended runs and of people, and awaits the release; names the holders that remain. */
  release(host: string, options: ReleaseOptions): Promise<ReleaseResult>;
  /** Sets the end of a hold, counted from now: `'2h'`, or `'until-released'`. */
  extend(host: string, duration: string, options?: ExtendOptions): Promise<ExtendResult>;
  /** Who holds what, until when, wish and fact. Without a worker, what the leases wrote down last. */
  leases(): Promise<Leases>;
  /** The server's isolated sensors against the leases; takes up what is ours, adopts only where asked. */
  reconcile(options?: ReconcileOptions): Promise<Reconciliation>;
  /** Answers a containment that asks what to do (failure policy `ask`). */
  decide(idOrHost: string, options: DecideOptions): Promise<{ workflowId: string; runId: string }>;
  /** Approves the plan with this digest, and no other, of a run that waits. */
  approve(idOrHost: string, options: ApproveOptions): Promise<AnsweredRun>;
  /** Denies the plan that a run shows: nothing of it is done, a host that is isolated stays so. */
  deny(idOrHost: string, options: DenyOptions): Promise<AnsweredRun>;
  /** The last plan of a run, else of the latest dry run of that host (`containEndpoint({ ..., dryRun: true })`). */
  plan(idOrHost: string): Promise<Plan>;
  /** Sensor, lease and holders of one host, as the worker sees them. */
  lookup(host: string, options?: LookupOptions): Promise<HostOverview>;
  /** The same for people: wish, fact, holds, end, next check-in, drift. Of a lease known by its sensor also without a worker. */
  hostStatus(host: string, options?: LookupOptions): Promise<HostStatus>;
}

export function operatorMethods(session: Session): OperatorMethods {
  return {
    isolate: (host, options) => isolateHost(session, host, options),
    release: (host, options) => releaseHost(session, host, options),
    extend: (host, duration, options) => extendHold(session, host, duration, options),
    leases: () => listLeases(session),
    reconcile: (options) => reconcileLeases(session, options),
    decide: async (idOrHost, options) => {
      const args = decideArgs(options);
      const run = await findRunOrLookUp(session, idOrHost);
      await decideRun(session, run, args);
      return { workflowId: run.workflowId, runId: run.runId };
    },
    approve: async (idOrHost, options) => {
      const args = approveArgs(options);
      const run = await findRunOrLookUp(session, idOrHost);
      const answer = await approveRun(session, run, args);
      return { workflowId: run.workflowId, runId: run.runId, ...answer };
    },
    deny: async (idOrHost, options) => {
      const args = denyArgs(options);
      const run = await findRunOrLookUp(session, idOrHost);
      const answer = await denyRun(session, run, args);
      return { workflowId: run.workflowId, runId: run.runId, ...answer };
    },
    plan: (idOrHost) => planOf(session, idOrHost),
    lookup: async (host, options) => await lookUp(session, await hostOf(session, host), options),
    hostStatus: (host, options) => hostStatusOf(session, host, options),
  };
}
