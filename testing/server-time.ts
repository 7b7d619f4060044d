import { performance } from 'node:perf_hooks';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** So long an answer of the server is good for, ms of the machine's time. */
const GOOD_FOR_MS = 20;

export interface ServerTime {
  now(): Promise<number>;
  /** For the workers whose activities ask: it tells when one of them runs. */
  interceptor: ActivityInterceptorsFactory;
}

/**
 * The time of a server that skips it. A containment asks for it two hundred times, and each time is a call: so while an
 * activity runs, and the server therefore skips nothing, an answer is used for a moment. Otherwise the server is asked.
 */
export function serverTime(ask: () => Promise<number>): ServerTime {
  let running = 0;
  let answer: { time: number; at: number } | null = null;

  async function askAnew(): Promise<number> {
    const at = performance.now();
    const time = await ask();
    answer = running > 0 ? { time, at } : null;
    return time;
  }

  return {
    async now() {
      const since = answer === null ? Infinity : performance.now() - answer.at;
      if (running === 0 || answer === null || since > GOOD_FOR_MS) return await askAnew();
      return answer.time + Math.floor(since);
    },
    interceptor: () => ({
      inbound: {
        async execute(input, next) {
          // What was answered before it began may be hours ago by now.
          if (running === 0) answer = null;
          running += 1;
          try {
            return await next(input);
          } finally {
            running -= 1;
            if (running === 0) answer = null;
          }
        },
      },
    }),
  };
}
