import { randomUUID } from 'node:crypto';
import {
  type Client,
  type WorkflowHandle,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import {
  type AcquireArgs,
  type ExtendArgs,
  type FrozenTarget,
  leaseId,
  type LeaseState,
  QUERIES,
  type ReleaseArgs,
  TASK_QUEUES,
  UPDATES,
  WORKFLOW_TYPES,
} from '../contract/index.js';

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
    return this.updateWithStart(UPDATES.acquire, args);
  }

  release(args: ReleaseArgs): Promise<LeaseState> {
    return this.updateWithStart(UPDATES.release, args);
  }

  /** Of a running lease only; `null` when none runs. */
  async extend(args: ExtendArgs): Promise<LeaseState | null> {
    try {
      return await this.handle.executeUpdate<LeaseState, [ExtendArgs]>(UPDATES.extend, {
        args: [args],
        updateId: randomUUID(),
      });
    } catch (err) {
      if (err instanceof WorkflowNotFoundError) return null;
      throw err;
    }
  }

  /** What the latest run of the lease knows, and whether it runs; `null` when there never was one. */
  async look(): Promise<{ state: LeaseState; running: boolean } | null> {
    try {
      const [description, state] = await Promise.all([
        this.handle.describe(),
        this.handle.query<LeaseState>(QUERIES.holds),
      ]);
      return { state, running: description.status.name === 'RUNNING' };
    } catch (err) {
      if (err instanceof WorkflowNotFoundError) return null;
      throw err;
    }
  }

  private get handle(): WorkflowHandle {
    return this.client.workflow.getHandle(this.id);
  }

  private updateWithStart<A>(update: string, args: A): Promise<LeaseState> {
    const target: FrozenTarget = {
      server: this.target.server,
      sensorId: this.target.sensorId,
      hostname: this.target.hostname,
      registration: this.target.registration,
      groupId: this.target.groupId,
      osType: this.target.osType,
    };
    const startWorkflowOperation = new WithStartWorkflowOperation(WORKFLOW_TYPES.isolationLease, {
      workflowId: this.id,
      taskQueue: TASK_QUEUES.main,
      args: [{ target }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `Isolation of ${target.hostname} (sensor ${target.sensorId})`,
    });
    return this.client.workflow.executeUpdateWithStart<Workflow, LeaseState, [A]>(update, {
      args: [args],
      updateId: randomUUID(),
      startWorkflowOperation,
    });
  }
}
