import { type BanReport, cutMessage, type HashJudgement } from '../contract/index.js';
import type { Containment } from './containment.js';
import { iso, now } from './time.js';

export interface Hash {
  md5: string;
  guid: string | null;
}

/** What the receipt says of one ban so far. */
export function reportBan(
  run: Containment,
  hash: Hash,
  said: { outcome: BanReport['outcome']; why: string | null; judged?: HashJudgement; at?: number },
): void {
  const { outcome, why, judged, at = now() } = said;
  run.bans.set(hash.md5, {
    md5: hash.md5,
    outcome,
    why: why === null ? null : cutMessage(why),
    guid: hash.guid,
    hostsSeen: judged?.hostsSeen ?? null,
    percentOfFleet: judged?.percentOfFleet ?? null,
    signed: judged?.signed ?? null,
    publisher: judged?.publisher ?? null,
    enforcedOnTarget: run.banningEnforced,
    at: iso(at),
  });
}

/** The answer to a ban was lost, or a cancel overtook it; that there was something to undo says that it was made. */
export function foundMade(run: Containment, md5: string): void {
  const told = run.bans.get(md5);
  if (told === undefined || told.outcome === 'banned') return;
  told.why = cutMessage(both('No answer said so: its undo found it.', told.why) ?? '');
  told.outcome = 'banned';
}

export function both(...whys: (string | null)[]): string | null {
  const said = whys.filter((why) => why !== null);
  return said.length === 0 ? null : said.join(' ');
}
