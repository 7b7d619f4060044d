import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { BanState, OverridableRule } from '../../contract/index.js';
import { BINARIES, type BinaryName, guarded, md5 } from './support/binaries.js';
import { policy, withServer } from './support/judging.js';

/** BAN_SEED=17 replays one. */
const SEEDS = 1_000;
const ONE = process.env['BAN_SEED'] === undefined ? null : Number(process.env['BAN_SEED']);
const FLEET = 100;
const NAMES = Object.keys(BINARIES) as BinaryName[];
/** Said here once more, on purpose not by the code that is tested. */
const VENDORS: BinaryName[] = ['windows', 'office', 'apple', 'redhat', 'sensor', 'vmware', 'expired'];
const DISABLED: BinaryName[] = ['lifted', 'liftedAndMany'];
const STANDING: BinaryName[] = ['standing', 'standingSystem'];
const RULES: OverridableRule[] = ['prevalent-ban', 'disabled-ban', 'limits', 'protected-host'];

const asked = fc.record({
  names: fc.subarray(NAMES, { minLength: 1, maxLength: 3 }),
  mostHosts: fc.option(fc.nat({ max: 500 })),
  mostPercent: fc.option(fc.nat({ max: 100 }), { freq: 2 }),
  trusted: fc.subarray(['RealVNC Ltd', 'Example Corp', 'Microsoftware Ltd']),
  hashes: fc.subarray(NAMES, { maxLength: 4 }),
  runs: fc.subarray(NAMES, { maxLength: 4 }),
  enableDisabled: fc.boolean(),
  overrides: fc.subarray(RULES),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

/** Whether nobody may ban this file under these rules, by the plainest reading there is. */
function isRefused(name: BinaryName, a: Asked): boolean {
  const file: { signed: string; publisher?: string; hostCount?: number } = BINARIES[name];
  const hosts = file.hostCount ?? 1;
  const isMany = a.mostHosts !== null && hosts > a.mostHosts;
  const isLarge = a.mostPercent !== null && (hosts / FLEET) * 100 > a.mostPercent;
  return (
    VENDORS.includes(name) ||
    a.hashes.includes(name) ||
    a.runs.includes(name) ||
    (file.signed === 'Signed' && a.trusted.includes(file.publisher ?? '')) ||
    ((isMany || isLarge) && !a.overrides.includes('prevalent-ban')) ||
    (DISABLED.includes(name) && !a.enableDisabled && !a.overrides.includes('disabled-ban'))
  );
}

describe('The judgement of hashes, for random files and policies', () => {
  const server = withServer(guarded());

  it('lets nothing through that is protected, a vendor’s, trusted, or on too many hosts, and refuses nothing else.', async (t) => {
    const { target, run } = server();
    const states: BanState[] = await run('readBans', { target, md5s: NAMES.map(md5) });
    const faults: string[] = [];
    let refused = 0;
    let judged = 0;
    for (const seed of ONE === null ? Array.from({ length: SEEDS }, (_, i) => i + 1) : [ONE]) {
      const a = fc.sample(asked, { seed, numRuns: 1 })[0] as Asked;
      const { mostHosts, mostPercent, enableDisabled, overrides } = a;
      const rules = policy(
        { mostHosts, mostPercent, enableDisabled, trustedPublishers: a.trusted },
        { protectedHashes: a.hashes.map(md5) },
      );
      const md5s = a.names.map(md5);
      const protectedMd5s = a.runs.map(md5);
      const answers = await run('judgeHashes', {
        target,
        policy: rules,
        overrides,
        md5s,
        states,
        protectedMd5s,
      });
      for (const name of a.names.filter((n) => !STANDING.includes(n))) {
        const is = answers.find((h) => h.md5 === md5(name))?.judgement;
        const must = isRefused(name, a) ? 'refuse' : 'ban';
        judged += 1;
        if (must === 'refuse') refused += 1;
        if (is !== must)
          faults.push(`BAN_SEED=${seed}: ${name} is ${is}, must be ${must}\n  ${JSON.stringify(a)}`);
      }
    }
    t.diagnostic(`${judged} hashes judged, ${refused} refused`);
    assert.equal(faults.length, 0, faults.slice(0, 10).join('\n'));
    if (ONE === null) assert.ok(refused > judged / 4 && refused < judged * 0.9, 'both answers come often');
  });
});
