import type { Receipt } from '../../contract/index.js';
import type { BanState, Effect, LedgerEntry, SensorState } from '../../simulator/index.js';
import type { Expected } from './scenarios.js';

/** What is known of a host when its run has ended. */
export interface Evidence {
  closed: string;
  receipt: Receipt | null;
  /** What happened to this host, and to its binary's hash. */
  ledger: readonly LedgerEntry[];
  sensor: SensorState | null;
  ban: BanState | null;
  /** Ids of Live Response sessions that are pending or active. */
  openSessions: readonly number[];
  leaseClosed: boolean;
}

/** What must happen at most once to a host where the scenario says nothing of it. */
const ONCE: readonly Effect[] = ['wish-set', 'wish-cleared', 'isolated', 'released', 'banned', 'unbanned'];
const NEVER: readonly Effect[] = ['kill-failed', 'kill-ignored', 'session-timeout'];

/** What is not as it must be; empty where all of it is. */
export function complaints(expected: Expected, seen: Evidence): string[] {
  const { ledger, sensor, receipt } = seen;
  const found: string[] = [];
  const must = (what: string, is: unknown, wanted: unknown): void => {
    if (is !== wanted) found.push(`${what}: ${String(is)}, not ${String(wanted)}`);
  };
  must('verdict', receipt?.verdict, expected.verdict);
  must('closed', seen.closed, expected.closed);

  for (const effect of ONCE) {
    const times = count(ledger, effect);
    if (expected.effects[effect] === undefined && times > 1) found.push(`${effect}: ${times} times`);
  }
  for (const effect of NEVER) must(effect, count(ledger, effect), 0);
  for (const [effect, times] of Object.entries(expected.effects)) {
    must(effect, count(ledger, effect as Effect), times);
  }
  const killed = ledger.filter((e) => e.effect === 'killed').map((e) => e.guid);
  must('instances killed', new Set(killed).size, killed.length);

  must('sessions left open', seen.openSessions.join(), '');
  must('sessions closed', count(ledger, 'session-closed'), count(ledger, 'session-opened'));

  must('wish', sensor?.wish, expected.isolated);
  must('fact', sensor?.fact, expected.isolated);
  const alive = sensor?.processes.filter((p) => p.path.endsWith('evil.exe')).length;
  must('alive', alive, expected.alive ?? alive);
  must('ban in force', seen.ban?.enabled ?? false, expected.banned);
  must('lease closed', seen.leaseClosed, expected.leaseClosed ?? seen.leaseClosed);
  if (receipt !== null) found.push(...againstLedger(receipt, expected, ledger));
  return found;
}

/** A receipt that tells it otherwise than it was is as bad as the deed. */
function againstLedger(receipt: Receipt, expected: Expected, ledger: readonly LedgerEntry[]): string[] {
  const told = receipt.processes.filter((p) => p.outcome === 'killed').map((p) => p.guid.slice(0, 36));
  const done = ledger.flatMap((e) => (e.effect === 'killed' && e.guid ? [e.guid.slice(0, 36)] : []));
  const found: string[] = [];
  if (told.sort().join() !== done.sort().join()) {
    found.push(`killed by the receipt: ${told.join()}, by the ledger: ${done.join()}`);
  }
  const undone = receipt.undo.map(({ change, outcome }) => `${change} ${outcome}`).sort();
  const wanted = expected.verdict === 'rolled-back' ? ['ban undone', 'isolation undone'] : [];
  if (undone.join() !== wanted.join()) found.push(`undo: ${undone.join()}, not ${wanted.join()}`);
  const bans = receipt.bans.map((b) => b.outcome);
  if (bans.join() !== 'banned') found.push(`bans by the receipt: ${bans.join()}, not banned`);
  return found;
}

function count(ledger: readonly LedgerEntry[], effect: Effect): number {
  return ledger.filter((entry) => entry.effect === effect).length;
}
