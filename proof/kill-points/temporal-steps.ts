import { firstId, taskOf } from './grpc-message.js';
import { ownerOf } from './hosts.js';
import type { Steps } from './steps.js';
import type { Call, Gate } from './temporal-line.js';

/** Calls of a worker that write history, or what a later attempt goes by. Queries and looks leave nothing behind. */
const WRITES =
  /^(Respond(WorkflowTask|ActivityTask)\w+|ExecuteMultiOperation|(Start|Signal|Update)\w*WorkflowExecution|RecordActivityTaskHeartbeat)$/;

/**
 * Has every call of a worker that leaves its mark on a run counted as a step of it. One that tells Temporal something stands
 * before it gets there: after the worker's death it either never came (`before`) or still arrives (`after`: what it
 * writes is then the last thing in the history, and nobody had its answer).
 */
export function watchTemporal(steps: Steps): Gate {
  return async (phase, call) => {
    const isPoll = call.method.startsWith('Poll');
    if (phase !== (isPoll ? 'after' : 'before')) return 'go';
    const found = whose(call, isPoll);
    if (found === null) return 'go';
    const begun = steps.begin(found.host, { kind: 'history', step: found.step }, { handedOut: isPoll });
    for (const when of ['before', 'after'] as const) {
      const standing = steps.arrive(found.host, begun, when);
      if (standing !== null) return await standing.ended;
    }
    return 'go';
  };
}

function whose(call: Call, isPoll: boolean): { host: number; step: string } | null {
  if (!isPoll && !WRITES.test(call.method)) return null;
  const message = isPoll ? call.response : call.request;
  const task = taskOf(message);
  // A query is handed out as a task too, with a token of another kind: it has no workflow.
  if (isPoll && task === null) return null;
  const owner = ownerOf(task?.workflowId ?? firstId(message) ?? '');
  if (owner === null) return null;
  const activity = task?.activityType ? ` of ${task.activityType}` : '';
  return { host: owner.host, step: `${call.method}${activity}, ${owner.of}` };
}
