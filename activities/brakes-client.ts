import { randomUUID } from 'node:crypto';
import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import {
  type AdmitAnswer,
  type AdmitArgs,
  BRAKES_ID,
  type BrakesCarried,
  brakesMemo,
  brakesStart,
  TASK_QUEUES,
  UPDATES,
  WORKFLOW_TYPES,
} from '../contract/index.js';

/** The brakes of this namespace, through the worker's own client. */
export class BrakesClient {
  constructor(private readonly client: Client) {}

  /** What they wrote down last, whether they run or were ended from outside; `null` where nobody ever needed them. */
  async look(): Promise<BrakesCarried | null> {
    return brakesMemo((await this.describe())?.memo);
  }

  /** Starts them where they do not run, with what was left by those that did. The run makes it idempotent. */
  async admit(args: AdmitArgs): Promise<AdmitAnswer> {
    const startWorkflowOperation = new WithStartWorkflowOperation(WORKFLOW_TYPES.brakes, {
      ...brakesStart(await this.look()),
      taskQueue: TASK_QUEUES.main,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
    return await this.client.workflow.executeUpdateWithStart<Workflow, AdmitAnswer, [AdmitArgs]>(
      UPDATES.admit,
      { args: [args], updateId: randomUUID(), startWorkflowOperation },
    );
  }

  private async describe(): Promise<WorkflowExecutionDescription | null> {
    try {
      return await this.client.workflow.getHandle(BRAKES_ID).describe();
    } catch (err) {
      if (err instanceof WorkflowNotFoundError) return null;
      throw err;
    }
  }
}
