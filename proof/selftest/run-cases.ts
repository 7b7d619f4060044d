import { defaultKnobs, type Profile } from '../../simulator/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { runSelftest } from '../../test/selftest/support/lab.js';
import type { ProofOptions } from '../part.js';
import { type Case, casesOf, scenarioOf } from './cases.js';
import { leftBy } from './left.js';

export interface CaseOutcome {
  /** `<profile>/<question>/<answer>`. */
  name: string;
  os: string;
  exitCode: number;
  summary: string;
  /** From begin to end on the clock of the simulated server. */
  serverSeconds: number;
  /** What did not hold; empty: everything did. */
  faults: string[];
}

/**
 * What the self-test sleeps puts the clock ahead of Temporal's own, by which workflows reckon their deadlines: before that
 * matters, another environment takes over.
 */
const MOST_AHEAD_MS = 90_000;

export interface CasesOptions extends Pick<ProofOptions, 'seed' | 'only' | 'log'> {
  profile: Profile;
  shift: number;
  /** A sample of so many, evenly spread; `null`: all. */
  atMost: number | null;
}

/** Hosts of one server, a case each, one after the other; between two cases its settings are turned back. */
export async function runCases(o: CasesOptions): Promise<CaseOutcome[]> {
  const all = casesOf(o.shift);
  const named =
    o.only === null ? spread(all, o.atMost, o.shift) : all.filter((c) => `${o.profile}/${c.name}` === o.only);
  if (named.length === 0) return [];
  const start = (): Promise<PlaybookTestEnvironment> =>
    createPlaybookTestEnvironment({
      scenario: scenarioOf(all),
      profile: o.profile,
      knobs: { seed: o.seed },
      checkinPhase: 0.1,
      log: () => undefined,
    });
  let env = await start();
  const outcomes: CaseOutcome[] = [];
  try {
    for (const c of named) {
      if (env.clock.ahead() > MOST_AHEAD_MS) {
        await env.close();
        env = await start();
      }
      const outcome = await runCase(env, c, o);
      o.log(
        `${outcome.name}: exit ${outcome.exitCode}${outcome.faults.length === 0 ? '' : `, VIOLATION ${outcome.faults.join('; ')}`}`,
      );
      outcomes.push(outcome);
    }
  } finally {
    await env.close();
  }
  return outcomes;
}

async function runCase(env: PlaybookTestEnvironment, c: Case, o: CasesOptions): Promise<CaseOutcome> {
  const { simulator } = env;
  const happened = (await simulator.ledger()).length;
  await c.before?.(env, c.sensorId);
  await simulator.act.turn(c.knobs);
  const name = `${o.profile}/${c.name}`;
  try {
    const { receipt } = await runSelftest(env, { hostname: `LAB-${c.sensorId}`, seed: o.seed });
    await simulator.act.turn({ ...defaultKnobs, seed: o.seed });
    await c.after?.(env, c.sensorId);
    const ledger = (await simulator.ledger()).slice(happened);
    const faults = leftBy(receipt, c.sensorId, await simulator.state(), ledger);
    if (!c.exits.includes(receipt.exitCode))
      faults.push(`exit ${receipt.exitCode}, expected ${c.exits.join(' or ')}: ${receipt.summary}`);
    if (JSON.stringify(receipt).includes(simulator.token)) faults.push('the token is in the receipt');
    const serverSeconds = (Date.parse(receipt.endedAt) - Date.parse(receipt.startedAt)) / 1_000;
    return { name, os: c.os, exitCode: receipt.exitCode, summary: receipt.summary, serverSeconds, faults };
  } catch (error) {
    await simulator.act.turn({ ...defaultKnobs, seed: o.seed });
    await c.after?.(env, c.sensorId);
    const why = error instanceof Error ? error.message : String(error);
    return { name, os: c.os, exitCode: -1, summary: why, serverSeconds: 0, faults: [`it threw: ${why}`] };
  }
}

/** Evenly spread, and another slice for each shift. */
function spread<T>(list: readonly T[], atMost: number | null, shift: number): readonly T[] {
  if (atMost === null || atMost >= list.length) return list;
  const step = list.length / atMost;
  return Array.from({ length: atMost }, (_, i) => list[Math.floor((i + shift / 3) * step)]!);
}
