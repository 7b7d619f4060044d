import type { WorkflowHandle } from '@temporalio/client';
import {
  containmentId,
  type ContainRequest,
  leaseId,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../../contract/index.js';
import type { Fault, FaultHandle, JournalEntry } from '../../simulator/index.js';
import { outcomeOf } from '../../testing/index.js';
import type { House } from './house.js';
import { leaseSeen } from './leases.js';
import type { DeedSeen, RunSeen, Seen } from './seen.js';
import type { Action, Schedule } from './schedule.js';

/** What is done while the request that triggered it waits; everything else goes on beside it. */
const AT_ONCE: ReadonlySet<Action['do']> = new Set([
  'offline',
  'reboot',
  'start-process',
  'analyst-session',
  'close-session',
  'take-slots',
  'console-wish',
  'console-ban',
  'revoke-token',
  'outage',
]);

export interface FollowedRun extends RunSeen {
  handle: WorkflowHandle;
  ended: Promise<void>;
}

/** One schedule being played in a house: it starts what is to run, lets happen what is to happen, and writes down what it sees. */
export class Play<H extends House = House> {
  readonly runs: FollowedRun[] = [];
  readonly deeds: DeedSeen[] = [];
  readonly struck: Record<string, number> = {};
  /** Undone at the lift: what keeps the server, a host or the token from working. */
  readonly troubles: { name: string; end: () => unknown; hits: () => number }[] = [];
  lifted = false;
  private liftedAt = 0;
  private readonly doing: Promise<void>[] = [];
  private atStart: Seen['atStart'] | null = null;
  private unwatch: () => void = () => undefined;

  constructor(
    readonly house: H,
    readonly schedule: Schedule,
    private readonly world: readonly Schedule[],
    /** Does one action, and writes down what came of it; never throws. */
    private readonly perform: (play: Play, action: Action) => Promise<void>,
  ) {}

  async begin(): Promise<void> {
    const { house, schedule } = this;
    this.atStart = await house.simulator.state();
    for (const { name, match, kind, times } of schedule.faults) {
      // Each strikes once, and is passed over by those that struck: so many in a row.
      for (let i = 0; i < times; i += 1) this.trouble(name, { ...match, kind });
    }
    this.unwatch = house.simulator.observe(({ phase, entry }) => this.onRequest(phase, entry));
    for (const { when, action } of schedule.events) {
      if ('ms' in when) house.later(when.ms, () => this.act(action));
    }
    for (const { host, request, workflowId } of schedule.runs) await this.start(host, request, workflowId);
    house.later(schedule.liftMs, () => this.lift());
  }

  /** Plants a fault until the lift; the returned function ends it earlier. */
  trouble(name: string, fault: Fault): () => void {
    const handle: FaultHandle = this.house.simulator.faults.add(fault);
    return this.troubleOf(
      name,
      () => handle.remove(),
      () => handle.hits(),
    );
  }

  troubleOf(name: string, end: () => unknown, hits: () => number): () => void {
    this.troubles.push({ name, end, hits });
    return () => void end();
  }

  async start(host: number, request: ContainRequest, workflowId: string | null): Promise<void> {
    const handle = await this.house.client.workflow.start(WORKFLOW_TYPES.containEndpoint, {
      taskQueue: TASK_QUEUES.main,
      workflowId: workflowId ?? containmentId(request),
      args: [request],
    });
    await this.follow(host, handle.workflowId, handle.firstExecutionRunId, request);
  }

  /** Writes down how a run ends, and what it then leaves open. A run that is followed already has one request more. */
  async follow(host: number, workflowId: string, runId: string, request: ContainRequest): Promise<void> {
    const known = this.runs.find((run) => run.runId === runId);
    if (known !== undefined) return void known.requests.push(request);
    const { house } = this;
    const handle = house.client.workflow.getHandle(workflowId, runId, { followRuns: false });
    const { sensorId } = this.hostAt(host);
    const seen = { workflowId, runId, sensorId, requests: [request], endedAt: null, closed: null };
    const none = { unsure: [], receipt: null, type: null, openAtEnd: [], ended: Promise.resolve() };
    const span: FollowedRun['span'] = { from: (await house.simulator.state()).now, to: null };
    const run: FollowedRun = { ...seen, ...none, span, handle, startedAt: await house.now() };
    this.runs.push(run);
    run.ended = (async () => {
      const { closed, type, receipt } = await outcomeOf(handle);
      const { sessions, now } = await house.simulator.state();
      span.to = now;
      const { closeTime } = await handle.describe();
      const openAtEnd = sessions.filter((s) => s.sensorId === sensorId && isOpen(s.status));
      Object.assign(run, { closed, type, receipt, openAtEnd, endedAt: closeTime?.getTime() ?? null });
    })();
    run.ended.catch(() => undefined);
  }

  /** A request of which nobody knows for certain whether the run that works on this host has it. */
  unsure(host: number, request: ContainRequest): void {
    const { sensorId } = this.hostAt(host);
    for (const run of this.runs) if (run.sensorId === sensorId) run.unsure.push(request);
  }

  hostAt(host: number): Schedule['hosts'][number] {
    const plan = this.schedule.hosts[host];
    if (plan === undefined) throw new Error(`There is no host ${host} in this schedule.`);
    return plan;
  }

  runAt(run: number): FollowedRun | undefined {
    const plan = this.schedule.runs[run];
    if (plan === undefined) return undefined;
    const { sensorId } = this.hostAt(plan.host);
    return this.runs.findLast((followed) => followed.sensorId === sensorId);
  }

  leaseOf(host: number): WorkflowHandle {
    return this.house.client.workflow.getHandle(leaseId(this.hostAt(host).sensorId));
  }

  /** Everything that was begun has ended. */
  async ended(): Promise<void> {
    for (let known = -1; known !== this.runs.length + this.doing.length;) {
      known = this.runs.length + this.doing.length;
      await Promise.all([...this.doing, ...this.runs.map((run) => run.ended)]);
    }
  }

  async lift(): Promise<void> {
    if (this.lifted) return;
    this.lifted = true;
    this.liftedAt = await this.house.now();
    for (const { end } of this.troubles) await end();
  }

  /** What a request triggers comes only until everything has ended: leases go on asking, and nobody would wait for it. */
  listenNoMore(): void {
    this.unwatch();
  }

  /** What has not come to an end yet, in words. */
  standing(): string {
    const where = this.lifted ? 'everything lifted' : 'before the lift';
    return `${where}; open: ${this.open().join(', ') || 'nothing'}`;
  }

  /** Nothing of ours is left to do, and a run or a lease was ended from outside. */
  onlyTerminated(): boolean {
    return (
      this.open().length === 0 &&
      this.deeds.some(({ what, code }) => what.startsWith('terminate-') && code === null)
    );
  }

  private open(): string[] {
    const runs = this.runs.filter(({ closed }) => closed === null).map(({ workflowId }) => workflowId);
    return [...runs, ...this.deeds.filter(({ settledAt }) => settledAt === null).map(({ what }) => what)];
  }

  async untilLifted(): Promise<void> {
    while (!this.lifted) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** To be called at rest. */
  async seen(): Promise<Seen> {
    this.listenNoMore();
    const { house, schedule } = this;
    for (const { name, hits } of this.troubles) this.struck[name] = (this.struck[name] ?? 0) + hits();
    const sensorIds = schedule.hosts.map(({ sensorId }) => sensorId);
    return {
      schedule,
      worldHosts: this.world.flatMap(({ hosts }) => hosts),
      atStart: this.atStart as Seen['atStart'],
      atRest: await house.simulator.state(),
      ledger: await house.simulator.ledger(),
      journal: house.simulator.journal(),
      runs: this.runs.map(({ handle: _, ended: __, ...run }) => run),
      leases: await Promise.all(sensorIds.map((id) => leaseSeen(house.client, id))),
      deeds: this.deeds,
      liftedAt: this.liftedAt,
      restAt: await house.now(),
      struck: this.struck,
    };
  }

  private async act(action: Action): Promise<void> {
    const done = this.perform(this, action);
    this.doing.push(done);
    await done;
  }

  private async onRequest(phase: 'before' | 'after', entry: JournalEntry): Promise<void> {
    for (const { when, action } of this.schedule.events) {
      if (!('request' in when) || when.request !== entry.n || when.phase !== phase) continue;
      const done = this.act(action);
      if (AT_ONCE.has(action.do) || (action.do === 'cancel' && action.policy === null)) await done;
    }
  }
}

export function isOpen(status: string): boolean {
  return status === 'pending' || status === 'active';
}
