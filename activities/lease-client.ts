import { randomUUID } from 'node:crypto';
import {
  type Client,
  type WorkflowHandle,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import {
  type AcquireArgs,
  type ExtendArgs,
  type FrozenTarget,
  type LeaseCarried,
  leaseId,
  leaseStart,
  type LeaseState,
  leftToHeir,
  type ReleaseArgs,
  TASK_QUEUES,
  UPDATES,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { isOpen } from './is-run-open.js';
import { seeLease, type SeenLease } from './lease-seen.js';

/**
 * The lease of one sensor, through the worker's own client. Update ids are fresh for each call, for a closed run answers a
 * known one; the hold id makes the calls idempotent.
 */
export class LeaseClient {
  private readonly id: string;

  constructor(
    private readonly client: Client,
    private readonly target: FrozenTarget,
  ) {
    this.id = leaseId(target.sensorId);
  }

  acquire(args: AcquireArgs): Promise<LeaseState> {
    return this.updateWithStart(UPDATES.acquire, {
      ...args,
      target: leaseStart(this.target, null).input.target,
    });
  }

  release(args: ReleaseArgs): Promise<LeaseState> {
    return this.updateWithStart(UPDATES.release, args);
  }

  /** Of a lease that runs, or that was ended from outside and can be taken up; `null` when there is none. */
  async extend(args: ExtendArgs): Promise<LeaseState | null> {
    const { running, carried } = await this.lastRun();
    if (!running && carried === null) return null;
    return await this.updateWithStart(UPDATES.extend, args);
  }

  /** Starts the heir of a lease that was ended from outside. */
  async takeUp(): Promise<void> {
    const { running, carried } = await this.lastRun();
    if (running || carried === null) return;
    await this.client.workflow.start(WORKFLOW_TYPES.isolationLease, {
      ...this.startOptions(carried),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  }

  private async lastRun(): Promise<{ running: boolean; carried: LeaseCarried | null }> {
    try {
      const { status, memo, runId } = await this.handle.describe();
      if (isOpen(status.name)) return { running: true, carried: null };
      return { running: false, carried: leftToHeir({ status: status.name, runId, memo }) };
    } catch (err) {
      if (err instanceof WorkflowNotFoundError) return { running: false, carried: null };
      throw err;
    }
  }

  look(): Promise<SeenLease | null> {
    return seeLease(this.client, this.id);
  }

  private get handle(): WorkflowHandle {
    return this.client.workflow.getHandle(this.id);
  }

  private async updateWithStart<A>(update: string, args: A): Promise<LeaseState> {
    const { carried } = await this.lastRun();
    const startWorkflowOperation = new WithStartWorkflowOperation(WORKFLOW_TYPES.isolationLease, {
      ...this.startOptions(carried),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    return await this.client.workflow.executeUpdateWithStart<Workflow, LeaseState, [A]>(update, {
      args: [args],
      updateId: randomUUID(),
      startWorkflowOperation,
    });
  }

  private startOptions(carried: LeaseCarried | null): WorkflowStartOptions<Workflow> {
    const { workflowId, input, staticSummary } = leaseStart(this.target, carried);
    return {
      workflowId,
      taskQueue: TASK_QUEUES.main,
      args: [input],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary,
    };
  }
}
