import type { Context } from '@temporalio/activity';
import { type CbError, isCbError } from '../cb-response/index.js';
import {
  type BanState,
  cutMessage,
  type HashJudgement,
  isExpiredSignature,
  isGoodSignature,
  type JudgeHashesInput,
  type Policy,
  refusedHash,
} from '../contract/index.js';
import { atOnce } from './at-once.js';
import type { Deps } from './deps.js';
import { failureTypeOf } from './failure.js';
import { sameServer } from './frozen.js';
import { vendorOf } from './signers.js';

/** Hashes that are looked up at the same time. */
const AT_ONCE = 4;

type SoftRule = HashJudgement['overridden'][number];
type Facts = Pick<HashJudgement, 'signed' | 'publisher' | 'hostsSeen' | 'percentOfFleet' | 'firstSeen'> & {
  /** Whether the server knows the file itself. */
  known: boolean;
  /** As `percentOfFleet`, not rounded. */
  share: number | null;
};

const NOTHING_KNOWN: Facts = {
  signed: null,
  publisher: null,
  hostsSeen: null,
  percentOfFleet: null,
  firstSeen: null,
  known: false,
  share: null,
};

/**
 * May each hash be banned, on every host that there is (hazards H5 to H7)? Costs one request a hash, a second one where the
 * first does not say how many hosts have it, and one for the size of the fleet where the policy counts in percent.
 */
export async function judgeHashes(
  deps: Deps,
  context: Context,
  input: JudgeHashesInput,
): Promise<HashJudgement[]> {
  sameServer(deps, input.target);
  const o = { signal: context.cancellationSignal };
  const fleet =
    input.policy.ban.mostPercent === null
      ? null
      : await orRefusal(async () => await deps.cb.sensors.count(o));
  return await atOnce(AT_ONCE, input.md5s, async (given) => {
    const md5 = given.toUpperCase();
    const ban = input.states.find((s) => s.md5.toUpperCase() === md5)?.before ?? null;
    const never =
      refusedHash(md5) ??
      protectedByPolicy(md5, input.policy) ??
      runByProtected(md5, input.protectedMd5s ?? []);
    if (never !== null) return judgementOf(md5, ban, NOTHING_KNOWN, never, input);
    const facts = isCbError(fleet) ? fleet : await orRefusal(() => factsOf(deps, md5, fleet, o));
    if (!isCbError(facts)) return judgementOf(md5, ban, facts, null, input);
    const why = `It could not be judged: ${cutMessage(facts.message)}`;
    const unjudged = { type: failureTypeOf(facts), message: cutMessage(facts.message) };
    return { ...judgementOf(md5, ban, NOTHING_KNOWN, why, input), unjudged };
  });
}

/** A server that lets nobody look refuses bans, and nothing else: what it says is a fact of this hash. */
async function orRefusal<T>(look: () => Promise<T>): Promise<T | CbError> {
  try {
    return await look();
  } catch (err) {
    if (isCbError(err, 'forbidden', 'refused', 'not-found', 'conflict')) return err;
    throw err;
  }
}

async function factsOf(
  deps: Deps,
  md5: string,
  fleet: number | null,
  o: { signal: AbortSignal },
): Promise<Facts> {
  const summary = await deps.cb.binaries.summary(md5, o);
  const counted = summary?.hostCount ?? (await deps.cb.binaries.hostCount(md5, o));
  // The index lags: nobody seen with a file that is unknown says nothing.
  const hostsSeen = summary === null && counted === 0 ? null : counted;
  return {
    known: summary !== null,
    signed: summary?.signed ?? null,
    publisher: summary?.publisher ?? null,
    hostsSeen,
    percentOfFleet: hostsSeen === null || !fleet ? null : Math.round((hostsSeen / fleet) * 1000) / 10,
    share: hostsSeen === null || !fleet ? null : (hostsSeen / fleet) * 100,
    firstSeen: summary?.firstSeen == null ? null : new Date(summary.firstSeen).toISOString(),
  };
}

function judgementOf(
  md5: string,
  ban: BanState['before'],
  { known, share, ...facts }: Facts,
  never: string | null,
  { policy, overrides }: Pick<JudgeHashesInput, 'policy' | 'overrides'>,
): HashJudgement {
  const base = { md5, ...facts, ban, overridable: null, overridden: [] };
  const hard = never ?? refusedSigner(facts, policy);
  const soft = softRefusals({ ...facts, share }, ban, policy);
  const whys = hard === null ? soft.map((s) => s.why) : [hard];
  if (ban?.enabled) {
    const caution =
      whys.length === 0 ? notes({ known, ...facts }) : [`A new ban would be refused: ${whys.join(' ')}`];
    return { ...base, judgement: 'ban', why: textOf(caution) };
  }
  if (hard !== null) return { ...base, judgement: 'refuse', why: hard };
  const standing = soft.filter((s) => !overrides.includes(s.rule));
  if (standing[0] !== undefined) {
    const why = standing.map((s) => `${s.why} Override: ${s.rule}, with a reason.`).join(' ');
    return { ...base, judgement: 'refuse', why, overridable: standing[0].rule };
  }
  const overridden = soft.map((s) => s.rule);
  const let_ = soft.map((s) => `${s.why} Overridden (${s.rule}).`);
  return { ...base, judgement: 'ban', why: textOf([...let_, ...notes({ known, ...facts })]), overridden };
}

function protectedByPolicy(md5: string, policy: Policy): string | null {
  return policy.protectedHashes.some((p) => p.toUpperCase() === md5)
    ? 'The policy protects this hash.'
    : null;
}

function runByProtected(md5: string, protectedMd5s: readonly string[]): string | null {
  return protectedMd5s.some((p) => p.toUpperCase() === md5)
    ? 'A protected process runs this very file.'
    : null;
}

/**
 * A signature that does not hold proves nothing: only a good one makes a file its publisher's. One that has merely run out
 * is enough for a vendor's: systems run on such files.
 */
function refusedSigner(
  { signed, publisher }: Pick<Facts, 'signed' | 'publisher'>,
  policy: Policy,
): string | null {
  if (publisher === null || !(isGoodSignature(signed) || isExpiredSignature(signed))) return null;
  const vendor = vendorOf(publisher);
  if (vendor === 'system')
    return `Signed by ${publisher}, the vendor of an operating system: hosts could stop working.`;
  if (vendor === 'sensor')
    return `Signed by ${publisher}, the vendor of the sensor: our only way to every host.`;
  if (!isGoodSignature(signed)) return null;
  const name = publisher.trim().toLowerCase();
  const isTrusted = policy.ban.trustedPublishers.some((p) => p.trim().toLowerCase() === name);
  return isTrusted ? `Signed by ${publisher}, a publisher that the policy trusts.` : null;
}

function softRefusals(
  { hostsSeen, percentOfFleet, share: exact }: Omit<Facts, 'known'>,
  ban: BanState['before'],
  { ban: rules }: Policy,
): { rule: SoftRule; why: string }[] {
  const found: { rule: SoftRule; why: string }[] = [];
  const tooMany = hostsSeen !== null && rules.mostHosts !== null && hostsSeen > rules.mostHosts;
  const tooLarge = exact !== null && rules.mostPercent !== null && exact > rules.mostPercent;
  if (tooMany || tooLarge) {
    const limits = [
      tooMany ? `${rules.mostHosts} hosts` : null,
      tooLarge ? `${rules.mostPercent} % of all sensors` : null,
    ].filter((part) => part !== null);
    // What rounds to the limit and is above it must not look as if it were allowed.
    const just = tooLarge && percentOfFleet !== null && percentOfFleet <= (rules.mostPercent ?? 0);
    const share =
      percentOfFleet === null ? '' : ` (${just ? 'just over ' : ''}${percentOfFleet} % of all sensors)`;
    const why = `Seen on ${hosts(hostsSeen)}${share}, and a ban stops it on each of them; the policy allows ${limits.join(' and ')}.`;
    found.push({ rule: 'prevalent-ban', why });
  }
  if (ban !== null && !ban.enabled && !rules.enableDisabled) {
    const whose =
      ban.username === null ? 'There is a disabled ban' : `There is a disabled ban of ${ban.username}`;
    found.push({ rule: 'disabled-ban', why: `${whose}, and the policy does not enable it again.` });
  }
  return found;
}

/** What should be known of a hash that is banned. */
function notes({ known, signed, publisher, hostsSeen }: Omit<Facts, 'share'>): string[] {
  const said: string[] = [];
  if (!known) said.push('The server does not know this file, so nobody knows who signed it.');
  if (isGoodSignature(signed))
    said.push(`Signed by ${publisher ?? 'somebody'}: a tool of a third party, banned all the same.`);
  else if (publisher !== null && vendorOf(publisher) !== null)
    said.push(`Claims to be by ${publisher}, and its signature is not good (${signed ?? 'none'}).`);
  if (hostsSeen === null) said.push('On how many hosts it was seen is not known.');
  return said;
}

export function hosts(n: number | null): string {
  return n === null ? 'an unknown number of hosts' : n === 1 ? 'one host' : `${n} hosts`;
}

function textOf(parts: string[]): string | null {
  return parts.length === 0 ? null : parts.join(' ');
}
