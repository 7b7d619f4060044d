import type { JournalEntry } from '../../simulator/index.js';
import { hostnameOf } from '../measure/schedule.js';
import { banAsTheScript, killAsTheScript } from '../script/blog-script.js';
import { EVIL } from '../stage/hosts.js';
import { openStage, type Stage } from '../stage/stage.js';

/** Requests of one run, as the simulator's journal has them. */
export interface RequestCount {
  total: number;
  /** Each change, and each GET route once: a GET that is repeated is polling. */
  byRule: number;
  /** How often each route was asked. */
  routes: Record<string, number>;
}

export interface Requests {
  checkinSeconds: number;
  n: number;
  /** The run with the most by rule. */
  playbook: RequestCount;
  /** By rule, of every run. */
  byRule: number[];
  /** The blog script on the same server, its bans included. */
  script: RequestCount;
}

const CHECKIN_S = 5;

/** HTTP requests of clean containments of two processes, one after the other, nobody else asking the server. */
export async function measureRequests(o: { n: number }): Promise<Requests> {
  const hostnames = Array.from({ length: o.n }, (_, n) => hostnameOf('playbook', n));
  const counts = await onStage(hostnames, async ({ playbook }, hostname) => {
    const started = await playbook.containEndpoint({ hostname, processName: EVIL, reason: 'bench' });
    const { verdict } = await started.waitForReceipt();
    if (verdict !== 'contained') throw new Error(`${hostname}: expected contained, got ${verdict}.`);
  });
  // A stage of its own: it bans the hashes of that name from all hosts, and stops at the first that is banned already.
  const [script] = await onStage([hostnameOf('script', 0)], async ({ simulator }, hostname) => {
    await killAsTheScript(simulator, { hostname, processName: EVIL });
    await banAsTheScript(simulator, EVIL);
  });
  return {
    checkinSeconds: CHECKIN_S,
    n: o.n,
    playbook: counts.reduce((most, one) => (one.byRule > most.byRule ? one : most)),
    byRule: counts.map((one) => one.byRule),
    script: script!,
  };
}

async function onStage(
  hostnames: readonly string[],
  run: (stage: Stage, hostname: string) => Promise<unknown>,
): Promise<RequestCount[]> {
  // Spread over the interval, so that waits of all lengths, and as many polls, are among them.
  const hosts = hostnames.map((hostname, n) => ({ hostname, checkinPhase: (n * 0.37) % 1 }));
  const stage = await openStage({ hosts, checkinSeconds: CHECKIN_S });
  try {
    const counts: RequestCount[] = [];
    for (const hostname of hostnames) {
      const before = (await stage.simulator.journal()).length;
      await run(stage, hostname);
      counts.push(countOf((await stage.simulator.journal()).slice(before)));
    }
    return counts;
  } finally {
    await stage.close();
  }
}

function countOf(entries: readonly JournalEntry[]): RequestCount {
  const routes: Record<string, number> = {};
  for (const { method, route } of entries) {
    const name = route.startsWith(`${method} `) ? route : `${method} ${route}`;
    routes[name] = (routes[name] ?? 0) + 1;
  }
  const byRule = Object.entries(routes)
    .map(([route, times]) => (route.startsWith('GET ') ? 1 : times))
    .reduce((sum, times) => sum + times, 0);
  return { total: entries.length, byRule, routes };
}
