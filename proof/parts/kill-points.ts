import { startDevServer } from '../../testing/index.js';
import { resultOf } from '../kill-points/report.js';
import { runScenario } from '../kill-points/run-scenario.js';
import { SCENARIOS, type KillScenario } from '../kill-points/scenarios.js';
import type { PartResult, ProofOptions, ProofPart } from '../part.js';

/** Points of a scenario in CI: some three minutes on two cores. */
const IN_CI = 30;

/** Issue 7, point 1. `--n`: points of each scenario; `--only SCENARIO/POINT`. */
export const killPoints: ProofPart = {
  name: 'kill-points',
  about: 'SIGKILL of the worker at every event of a history and around every request',
  inCi: true,
  run: killAtEveryPoint,
};

async function killAtEveryPoint(o: ProofOptions): Promise<PartResult> {
  const { scenarios, only } = chosen(o.only);
  const server = await startDevServer();
  try {
    const most = o.n ?? (o.ci ? IN_CI : null);
    // Side by side: most of a recovery is waiting for a time-out.
    const results = await Promise.all(
      scenarios.map((scenario) => runScenario(scenario, server.address, { ...o, only, most })),
    );
    return resultOf(results, o);
  } finally {
    await server.stop();
  }
}

function chosen(name: string | null): { scenarios: readonly KillScenario[]; only: string | null } {
  if (name === null) return { scenarios: SCENARIOS, only: null };
  const [scenario, only] = name.split('/');
  const scenarios = SCENARIOS.filter((s) => s.name === scenario);
  if (scenarios.length === 0) {
    throw new Error(`There is no scenario "${scenario}": ${SCENARIOS.map((s) => s.name).join(', ')}.`);
  }
  return { scenarios, only: only ?? null };
}
