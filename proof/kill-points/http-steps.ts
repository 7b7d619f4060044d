import { syntheticFile, type JournalEntry, type Simulator } from '../../simulator/index.js';
import { binaryOf, FIRST_HOST, isHost } from './hosts.js';
import type { Begun, Steps } from './steps.js';

/** Has every request to the simulator counted as a step of its host's run, and held up where that was asked for. */
export function watchHttp(
  simulator: Simulator,
  steps: Steps,
  hosts: number,
  /** Awaited before a request counts and acts. */
  admit: (simulator: Simulator, host: number, entry: JournalEntry) => Promise<void>,
): void {
  const byMd5 = new Map(
    Array.from({ length: hosts }, (_, i) => [
      syntheticFile(binaryOf(FIRST_HOST + i)).md5.toUpperCase(),
      FIRST_HOST + i,
    ]),
  );
  const bySession = new Map<number, number>();
  const begun = new WeakMap<JournalEntry, { host: number; step: Begun }>();

  simulator.observe(async ({ phase, entry }) => {
    if (phase === 'before') {
      const named = await hostOf(simulator, entry, byMd5, bySession);
      const host = named ?? steps.moving;
      if (host === null) return;
      await admit(simulator, host, entry);
      const step = { kind: 'http' as const, step: stepOf(entry) };
      begun.set(entry, { host, step: steps.begin(host, step, { anonymous: named === null }) });
    }
    const found = begun.get(entry);
    if (found === undefined) return;
    const standing = steps.arrive(found.host, found.step, phase);
    if (standing === null) return;
    // Taken at once by this very request: nothing comes between a listener and the holds.
    const hold = simulator.hold({ method: entry.method, route: entry.path, when: phase });
    void standing.ended.then((how) => (how === 'go' ? hold.release() : hold.cut()));
  });
}

function stepOf({ route, body }: JournalEntry): string {
  const name = (body as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? `${route} ${name}` : route;
}

async function hostOf(
  simulator: Simulator,
  { path, query, body }: JournalEntry,
  byMd5: ReadonlyMap<string, number>,
  bySession: Map<number, number>,
): Promise<number | null> {
  const text = `${path} ${JSON.stringify(query)} ${JSON.stringify(body)}`;
  const said =
    /\/sensor\/(\d+)/.exec(text)?.[1] ??
    /"hostname":"kp-(\d+)"/i.exec(text)?.[1] ??
    /sensor_id"?:(\d+)/.exec(text)?.[1];
  if (said !== undefined) return isHost(Number(said)) ? Number(said) : null;
  const md5 = /[0-9a-f]{32}/i.exec(text)?.[0];
  if (md5 !== undefined) return byMd5.get(md5.toUpperCase()) ?? null;
  const session = Number(/\/session\/(\d+)/.exec(path)?.[1] ?? NaN);
  if (Number.isNaN(session)) return null;
  if (!bySession.has(session)) {
    for (const { id, sensorId } of (await simulator.state()).sessions) bySession.set(id, sensorId);
  }
  return bySession.get(session) ?? null;
}
