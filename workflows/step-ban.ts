import {
  type BanReport,
  type BanState,
  type HashJudgement,
  type ProcessReport,
  refusedHash,
} from '../contract/index.js';
import { run as activity } from './activities.js';
import { both, foundMade, type Hash, reportBan } from './ban-report.js';
import type { Containment } from './containment.js';
import { enter } from './face.js';
import { problemOf } from './failure.js';
import { awaitHashes, hashesUnder } from './hashes-found.js';
import { overridden } from './overrides.js';
import { now } from './time.js';
import { DEADLINES, longRead, mutating, undoing } from './timing.js';

/** Failures that mean: the server says no to this ban. A fact, told as a gap; anything else is a failed step. */
const REFUSALS: ReadonlySet<string> = new Set(['Forbidden', 'Refused', 'ProtectedHash']);

/** Hashes that one look judges: it stays well under its time-out on a slow server. */
const JUDGED_AT_ONCE = 50;

/** Step 5: bans hashes, each judged first, once a run, and each with what was there before in history first. */
export async function banHashes(run: Containment, hashes: Hash[]): Promise<void> {
  const fresh = hashes.filter(
    ({ md5 }, i) => !run.bans.has(md5) && hashes.findIndex((h) => h.md5 === md5) === i,
  );
  const allowed: typeof fresh = [];
  for (const hash of fresh) {
    const why = refusedHash(hash.md5);
    reportBan(run, hash, { outcome: why === null ? 'failed' : 'refused', why: why ?? 'Not tried yet.' });
    if (why === null) allowed.push(hash);
  }
  if (allowed.length === 0) return;
  const md5s = allowed.map((h) => h.md5);
  const states = await activity('readBans', longRead, `Is ${hashesIn(md5s)} banned already? (${run.host})`, {
    target: run.target,
    md5s,
  });
  const judgements = await judge(run, allowed, states);
  const deadline = now() + DEADLINES.change;
  const results = await Promise.allSettled(
    judgements.map(({ hash, judged }) => banOne(run, hash, judged, deadline)),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason as Error;
}

/** A server that lets nobody look at files refuses no kill: the bans alone are refused then, for nothing is banned blindly. */
async function judge(
  run: Containment,
  hashes: Hash[],
  states: BanState[],
): Promise<{ hash: Hash; judged: HashJudgement }[]> {
  const { policy } = run.guard;
  const overrides = overridden(run);
  const judgements: HashJudgement[] = [];
  for (let i = 0; i < hashes.length; i += JUDGED_AT_ONCE) {
    const part = hashes.slice(i, i + JUDGED_AT_ONCE);
    const md5s = part.map((h) => h.md5);
    const known = states.filter((s) => md5s.includes(s.md5));
    try {
      const protectedMd5s = [...run.hashesOfProtected];
      const input = { target: run.target, policy, overrides, md5s, states: known, protectedMd5s };
      judgements.push(
        ...(await activity('judgeHashes', longRead, `May ${hashesIn(md5s)} be banned? (${run.host})`, input)),
      );
    } catch (err) {
      const problem = problemOf('ban', err);
      if (!REFUSALS.has(problem.type)) throw err;
      for (const hash of part) {
        reportBan(run, hash, { outcome: 'refused', why: `It could not be judged: ${problem.message}` });
      }
      run.problems.push(problem);
    }
  }
  noteUnjudged(run, judgements);
  return judgements.flatMap((judged) => {
    const hash = hashes.find((h) => h.md5 === judged.md5);
    return hash === undefined ? [] : [{ hash, judged }];
  });
}

/** A look that the server refuses is a problem of the run, told once however many hashes it is about. */
export function noteUnjudged(run: Containment, judgements: HashJudgement[]): void {
  for (const { unjudged } of judgements) {
    if (unjudged === undefined || unjudged === null) continue;
    if (run.problems.some((p) => p.type === unjudged.type && p.message === unjudged.message)) continue;
    run.problems.push({ step: 'ban', ...unjudged });
  }
}

async function banOne(run: Containment, hash: Hash, judged: HashJudgement, deadline: number): Promise<void> {
  const { md5 } = hash;
  const before = judged.ban;
  const say = (outcome: BanReport['outcome'], why: string | null, at = now()): void =>
    reportBan(run, hash, { outcome, why, judged, at });
  if (before?.enabled) {
    say('already-banned', both(before.username === null ? null : `By ${before.username}.`, judged.why));
    return;
  }
  if (judged.judgement === 'refuse') {
    say('refused', judged.why);
    return;
  }
  say('failed', 'Not tried yet.');
  await run.toBan.slots.use(async () => {
    // A list that came while it waited may have shown one.
    if (run.hashesOfProtected.has(md5)) {
      say('refused', 'A protected process runs this very file.');
      return;
    }
    if (!run.waitingFor.has('Live Response')) enter(run, 'ban');
    const input = { target: run.target, run: run.identity, md5, before };
    run.undo.push({
      key: `ban ${md5}`,
      change: 'ban',
      target: md5,
      undo: async () => {
        const deadline = now() + DEADLINES.undo;
        const undone = await activity('unban', undoing, `Undo: unban ${md5} (${run.host})`, {
          ...input,
          deadline,
        });
        if (undone.outcome === 'undone') foundMade(run, md5);
        return undone;
      },
    });
    run.toBan.tried.add(md5);
    for (const rule of judged.overridden) run.letThrough(rule, `ban of ${md5}`);
    try {
      const result = await activity('ban', mutating, `Ban ${md5} (${run.host})`, { ...input, deadline });
      say(result.outcome, both(result.why, judged.why), result.at);
      if (result.outcome !== 'banned') run.undo.drop(`ban ${md5}`);
    } catch (err) {
      const problem = problemOf('ban', err);
      if (!REFUSALS.has(problem.type)) {
        say('failed', `${problem.type}: ${problem.message}`);
        throw err;
      }
      // The undo stays: the "no" may be to the look at what an earlier attempt did, and the undo itself looks first.
      say('refused', problem.message);
      run.problems.push(problem);
    }
  });
}

/** Bans what was found on the host, waiting durably for hashes the index does not have yet. */
export async function banFound(run: Containment, found: ProcessReport[]): Promise<void> {
  await awaitHashes(run, found);
  await banHashes(
    run,
    found.flatMap((p) => (p.md5 === null ? [] : [{ md5: p.md5, guid: p.guid }])),
  );
}

/** The classic behaviour: every MD5 seen under a process name on any host (hazard H7: only where somebody asked for it). */
export async function banByName(run: Containment, name: string): Promise<void> {
  const md5s = await hashesUnder(run, name);
  await banHashes(
    run,
    md5s.map((md5) => ({ md5, guid: null })),
  );
}

/** For the row in Temporal Web. */
function hashesIn(md5s: readonly string[]): string {
  return md5s.length === 1 ? (md5s[0] as string) : `any of ${md5s.length} hashes`;
}
