import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { assertEachOnce, effectsOn, openSessions, told } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';

/** What one request can meet: lost on the way there, lost on the way back, answered by somebody else, or by nonsense. */
export const KINDS = ['cut', 'act-then-cut', 'html-502', 'malformed'] as const;
export type Kind = (typeof KINDS)[number];

/** More requests than a clean containment makes while it waits for nothing. */
const MOST = 60;
const LEAST = 16;

export interface Tried {
  /** `cut at 7`: what `--only` takes. */
  name: string;
  request: string;
  /** What did not hold, or null. */
  wrong: string | null;
}

/** One containment for each request of a clean one, each on a host of its own, with that request faulted. */
export async function tryAll(kind: Kind, only: number | null): Promise<Tried[]> {
  const { hosts, scenario } = fleet(MOST);
  // They check in as soon as they are looked at: no request is spent on waiting.
  await using env = await createPlaybookTestEnvironment({
    scenario,
    checkinSeconds: 1,
    log: () => undefined,
  });
  const tried: Tried[] = [];
  for (const [i, host] of hosts.entries()) {
    if (only !== null && only !== i + 1) continue;
    const one = await tryOne(env, host, kind, i + 1);
    if (one === null) {
      if (tried.length >= LEAST || only !== null) return tried;
      throw new Error(`A containment made only ${i} requests.`);
    }
    tried.push(one);
  }
  if (only !== null && tried.length > 0) return tried;
  throw new Error(`A clean containment makes more than ${MOST} requests.`);
}

/** Null: the run made fewer requests. */
async function tryOne(
  env: PlaybookTestEnvironment,
  host: Host,
  kind: Kind,
  nth: number,
): Promise<Tried | null> {
  const fault = env.simulator.faults.add({ nth, kind });
  const run = await env.contain({ hostname: host.hostname, processName: 'evil.exe' });
  const { receipt, message } = await run.outcome();
  fault.remove();
  if (fault.hits() === 0) return null;
  const struck = env.simulator.journal().findLast((entry) => entry.fault !== null);
  const found: string[] = [];
  if (receipt?.verdict !== 'contained') found.push(`the verdict is ${receipt?.verdict ?? message}`);
  await assertEachOnce(env.simulator, host).catch((error: Error) => void found.push(error.message));
  const left = await openSessions(env.simulator, host);
  if (left.length > 0) found.push(`sessions left open: ${left.join(', ')}`);
  const said = [
    receipt?.isolation.outcome,
    ...(receipt?.bans ?? []).map(({ outcome }) => outcome),
    ...(receipt?.processes ?? []).map(({ outcome }) => outcome),
    ...(receipt?.sessions ?? []).map(({ ours, closed }) => (ours && closed ? 'closed' : 'open')),
  ].join(' ');
  if (!/^isolated banned killed killed( closed)+$/.test(said)) found.push(`the receipt says: ${said}`);
  const request = `${struck?.method} ${struck?.route}`;
  return {
    name: `${kind} at ${nth}`,
    request,
    wrong:
      found.length === 0
        ? null
        : `${found.join('; ')}\n${JSON.stringify(receipt)}\n${told(await effectsOn(env.simulator, host))}`,
  };
}
