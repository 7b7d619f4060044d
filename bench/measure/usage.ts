import { readFileSync } from 'node:fs';

/** Of USER_HZ: what `/proc` counts in, on every Linux that Node runs on. */
const MS_A_TICK = 10;

/** What one process takes, from `/proc`: Linux only. */
export interface Usage {
  /** Resident memory, bytes. */
  rss: number;
  /** CPU since its start, user and system, all threads, ms. */
  cpuMs: number;
}

/** @throws Error where there is no `/proc`, or no such process. */
export function usageOf(pid: number): Usage {
  const stat = read(pid, 'stat');
  // The second field is the program's name and may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(read(pid, 'status'));
  if (!Number.isFinite(ticks) || resident === null) throw new Error(`/proc/${pid} cannot be read.`);
  return { rss: Number(resident[1]) * 1_024, cpuMs: ticks * MS_A_TICK };
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    throw new Error(`Memory and CPU of process ${pid} cannot be measured: this needs Linux's /proc.`, {
      cause: error,
    });
  }
}
