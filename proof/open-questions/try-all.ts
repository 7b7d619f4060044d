import type { Receipt } from '../../contract/index.js';
import { defaultKnobs, type Effect, type LedgerEntry } from '../../simulator/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { evil, EVIL_PATH, host, hostName, scenario } from '../../test/workflows/support/hosts.js';
import { type Case, CASES, PIDS } from './cases.js';

const OPEN = ['pending', 'active'];
const MOST_REPLAYS = 12;

export interface Answered {
  title: string;
  verdict: string;
  /** What did not hold; empty: all did. */
  wrong: string[];
  context: string;
}

/** A containment for each case, a host each, on one server whose settings are turned, and turned back after each case. */
export async function tryAll(cases: readonly Case[]): Promise<Answered[]> {
  const analystsHost = CASES.length + 1;
  await using env = await createPlaybookTestEnvironment({
    scenario: scenario(
      Array.from({ length: analystsHost }, (_, i) =>
        host(i + 1, { processes: PIDS.map((pid) => evil(i + 1, { pid })) }),
      ),
    ),
    checkinPhase: 0.1,
    log: () => undefined,
  });
  const answered: Answered[] = [];
  for (const one of cases) answered.push(await tryOne(env, one, CASES.indexOf(one) + 1, analystsHost));
  const unknown = env.simulator.unknownRoutes();
  if (unknown.length > 0) throw new Error(`Asked for what no server has: ${JSON.stringify(unknown)}`);
  await env.replayAll({ atMost: MOST_REPLAYS });
  return answered;
}

async function tryOne(
  env: PlaybookTestEnvironment,
  { title, answer, knobs, act, given, verdict }: Case,
  sensorId: number,
  analystsHost: number,
): Promise<Answered> {
  const { simulator } = env;
  const [asked, happened] = [simulator.journal().length, (await simulator.ledger()).length];
  await act?.(simulator, sensorId, analystsHost);
  await simulator.act.turn(knobs);
  const request = { hostname: hostName(sensorId), processName: 'evil.exe', offlineFor: '30m' } as const;
  const { receipt, message } = await (await env.contain(request)).outcome();
  await simulator.act.turn(defaultKnobs);
  const ledger = (await simulator.ledger()).slice(happened);
  const { sessions } = await simulator.state();
  const wrong: string[] = [];
  const expect = (holds: boolean, what: string): void => void (holds || wrong.push(what));
  expect(receipt?.verdict === verdict, `the verdict is ${receipt?.verdict ?? message}, not ${verdict}`);
  if (receipt !== null) {
    if (verdict === 'contained') expect(saysContained(receipt), 'the receipt does not say what was done');
    wrong.push(...wrongEffects(ledger, sensorId, receipt));
  }
  expect(given?.(simulator.journal().slice(asked), answer) ?? true, `${answer} was never answered`);
  expect(
    !sessions.some((s) => s.openedBy !== 'analyst' && OPEN.includes(s.status)),
    'a session of ours is open',
  );
  return {
    title,
    verdict,
    wrong,
    context: `${JSON.stringify(receipt)}\n${ledger.map((e) => JSON.stringify(e)).join('\n')}`,
  };
}

/** Whatever the answer: nothing twice, no other host touched, and the receipt says what is so. */
function wrongEffects(ledger: readonly LedgerEntry[], sensorId: number, receipt: Receipt): string[] {
  const ours = ledger.filter((entry) => entry.by !== 'analyst' && entry.by !== 'nobody');
  const of = (effect: Effect): LedgerEntry[] =>
    ours.filter((e) => e.effect === effect && e.sensorId === sensorId);
  const killed = of('killed').map(({ pid }) => pid);
  const told = receipt.processes.filter(({ outcome }) => outcome === 'killed').map(({ pid }) => pid);
  const done: Effect[] = ['wish-set', 'isolated', 'killed', 'kill-failed', 'process-list'];
  return [
    ...(of('wish-set').length === 1 ? [] : [`the wish was written ${of('wish-set').length} times`]),
    ...(killed.join() === told.join() ? [] : [`killed ${killed.join()}, told ${told.join()}`]),
    ...(ours.filter(({ effect }) => effect === 'banned').length <= 1 ? [] : ['banned twice']),
    ...(ours.some((e) => e.sensorId !== sensorId && done.includes(e.effect))
      ? ['another host was touched']
      : []),
  ];
}

function saysContained({ processes, bans, isolation }: Receipt): boolean {
  const said = processes.map(({ pid, outcome, path }) => `${pid} ${outcome} ${path}`).join();
  return (
    said === PIDS.map((pid) => `${pid} killed ${EVIL_PATH}`).join() &&
    bans.map(({ outcome }) => outcome).join() === 'banned' &&
    isolation.outcome === 'isolated'
  );
}
