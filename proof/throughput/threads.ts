import { readdirSync, readFileSync } from 'node:fs';

/** CPU of one process since its start by the kind of its threads, ms. Linux only. */
export interface ThreadUsage {
  /** Activities, HTTP, and the SDK's side of both. */
  main: number;
  /** The thread that runs workflow code: of Node's other threads the one that worked most. */
  workflows: number;
  /** The SDK's core: polls, gRPC, state machines, histories. */
  core: number;
  /** Garbage collection, compiler, files. */
  rest: number;
}

const MS_A_TICK = 10;

export function threadsOf(pid: number): ThreadUsage {
  const usage: ThreadUsage = { main: 0, workflows: 0, core: 0, rest: 0 };
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    const stat = statOf(pid, tid);
    if (stat === null) continue;
    if (tid === String(pid)) usage.main = stat.cpuMs;
    else if (/tokio|temporal|core/i.test(stat.name)) usage.core += stat.cpuMs;
    else {
      usage.rest += stat.cpuMs;
      usage.workflows = Math.max(usage.workflows, stat.cpuMs);
    }
  }
  usage.rest -= usage.workflows;
  return usage;
}

/** `null`: the thread ended meanwhile. */
function statOf(pid: number, tid: string): { name: string; cpuMs: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${tid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    return {
      name: stat.slice(stat.indexOf('(') + 1, end),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_A_TICK,
    };
  } catch {
    return null;
  }
}
