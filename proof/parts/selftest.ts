import {
  type PartResult,
  type ProofOptions,
  type ProofPart,
  replayCommand,
  type Row,
  type Violation,
} from '../part.js';
import { runCases } from '../selftest/run-cases.js';
import type { Profile } from '../../simulator/index.js';

const PROFILES: Profile[] = ['5.2', '6.2', '7.5'];
/** Of each profile; together they meet half of all answers. */
const IN_CI = 6;

/** `cb-playbook selftest` against every version of the server and every answer to an open question. */
export const selftest: ProofPart = {
  name: 'selftest',
  about: 'the self-test for a real server, on every version and every alternative of table 16',
  inCi: true,
  run: async (o: ProofOptions): Promise<PartResult> => {
    const rows: Row[] = [];
    const violations: Violation[] = [];
    const data: Record<string, unknown> = {};
    const atMost = o.n ?? (o.ci ? IN_CI : null);
    const played = await Promise.all(
      PROFILES.map(async (profile, shift) => ({
        profile,
        outcomes: await runCases({ ...o, profile, shift, atMost }),
      })),
    );
    for (const { profile, outcomes } of played) {
      if (outcomes.length === 0) continue;
      const passed = outcomes.filter((c) => c.exitCode === 0);
      const seconds = passed.map((c) => c.serverSeconds).sort((a, b) => a - b);
      rows.push({
        attack: `Server ${profile}: open questions answered in every way`,
        promise: 'The self-test ends honestly and leaves nothing that it does not name',
        tried: outcomes.length,
        held: outcomes.filter((c) => c.faults.length === 0).length,
        measured: `${passed.length} passed, the others cannot and say so; median ${Math.round(seconds[Math.floor(seconds.length / 2)] ?? 0)} s on the server’s clock`,
      });
      for (const { name, faults } of outcomes.filter((c) => c.faults.length > 0)) {
        violations.push({
          what: `${name}: ${faults.join('; ')}`,
          replay: replayCommand('selftest', o, name),
        });
      }
      data[profile] = outcomes;
    }
    return { rows, violations, data };
  },
};
