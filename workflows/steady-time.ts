import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { ASKED_TOO_SOON } from '../contract/index.js';

/**
 * Refuses to go on at the time of the task before. A query to a worker that has yet to read the run may carry events of a task
 * that nobody has begun; SDK 1.24 runs them then, at the last task's time, and sends what was decided with the next one. A
 * replay decides it at the right time, and where that makes a difference, the run can never be read again (schedule 3000).
 * What is refused is the query; the run is read anew from its history.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let last: { time: string; events: number } | null = null;
  return {
    internals: [
      {
        activate(input, next): void {
          const { timestamp, historyLength, isReplaying, jobs } = input.activation;
          const work = (jobs ?? []).some((job) => job.queryWorkflow == null && job.removeFromCache == null);
          if (work) {
            const time = `${String(timestamp?.seconds)}.${timestamp?.nanos ?? 0}`;
            const events = historyLength ?? 0;
            // Each task has a time of its own, to the nanosecond.
            if (isReplaying !== true && last !== null && events > last.events && time === last.time)
              throw new Error(ASKED_TOO_SOON);
            last = { time, events };
          }
          next(input);
        },
      },
    ],
  };
};
