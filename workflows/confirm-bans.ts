import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { longRead } from './timing.js';

/**
 * Read once more before the verdict: another run, or a person, may have lifted a ban meanwhile. A person's change is
 * respected, not fought (hazard H19); it is a gap all the same.
 */
export async function confirmBans(run: Containment): Promise<void> {
  const standing = [...run.bans.values()].filter(
    (b) => b.outcome === 'banned' || b.outcome === 'already-banned',
  );
  if (standing.length === 0) return;
  const states = await activity('readBans', longRead, `Are the bans still in force? (${run.host})`, {
    target: run.target,
    md5s: standing.map((b) => b.md5),
  });
  for (const banned of standing) {
    const state = states.find((s) => s.md5 === banned.md5)?.before ?? null;
    if (state?.enabled) continue;
    banned.outcome = 'failed';
    banned.why = 'Somebody lifted the ban while the run went on: ban it again if it shall stand.';
    run.problems.push({
      step: 'settle',
      type: 'BanLifted',
      message: `The ban of ${banned.md5} was lifted by somebody else.`,
    });
  }
}
