import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { assertEachOnce, effectsOn, openSessions, told } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { type Kind, matchOf, nameOf, type Spot, spotsOf } from './spots.js';

/** A request that is repeated until something is so may come fewer times in one run than in another. */
const MOST_PLAYS = 3;

export interface Tried {
  /** `cut at PUT /api/v1/sensor/:id 1`. */
  name: string;
  spot: Spot;
  /** False: no play came by this request, so that nothing is known of it. */
  struck: boolean;
  /** What did not hold, or null. */
  wrong: string | null;
}

/** The requests of one containment without any fault. */
export async function cleanSpots(): Promise<Spot[]> {
  const { hosts, scenario } = fleet(1);
  await using env = await environment(scenario);
  const { wrong } = await play(env, hosts[0] as Host);
  if (wrong !== null) throw new Error(`A clean containment did not hold: ${wrong}`);
  return spotsOf(env.simulator.journal());
}

/** One containment for each of these requests, each on a host of its own, with that request faulted. */
export async function tryAll(kind: Kind, spots: readonly Spot[]): Promise<Tried[]> {
  const { hosts, scenario } = fleet(spots.length * MOST_PLAYS);
  await using env = await environment(scenario);
  const tried: Tried[] = [];
  for (const spot of spots) {
    const played = await tryOne(env, hosts.splice(0, MOST_PLAYS), kind, spot);
    tried.push({ name: nameOf(kind, spot), spot, ...played });
  }
  return tried;
}

async function tryOne(
  env: PlaybookTestEnvironment,
  hosts: readonly Host[],
  kind: Kind,
  spot: Spot,
): Promise<Pick<Tried, 'struck' | 'wrong'>> {
  for (const host of hosts) {
    const fault = env.simulator.faults.add({ ...matchOf(spot, host), kind });
    const { wrong } = await play(env, host);
    fault.remove();
    const struck = fault.hits() > 0;
    if (struck || wrong !== null) return { struck, wrong };
  }
  return { struck: false, wrong: null };
}

function environment(
  scenario: ReturnType<typeof fleet>['scenario'],
): ReturnType<typeof createPlaybookTestEnvironment> {
  // They check in as soon as they are looked at: no request is spent on waiting.
  return createPlaybookTestEnvironment({ scenario, checkinSeconds: 1, log: () => undefined });
}

async function play(env: PlaybookTestEnvironment, host: Host): Promise<Pick<Tried, 'wrong'>> {
  const run = await env.contain({ hostname: host.hostname, processName: 'evil.exe' });
  const { receipt, message } = await run.outcome();
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
  if (found.length === 0) return { wrong: null };
  const context = [JSON.stringify(receipt), told(await effectsOn(env.simulator, host))];
  return { wrong: [found.join('; '), ...context].join('\n') };
}
