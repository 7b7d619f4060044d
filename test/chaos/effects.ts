import assert from 'node:assert/strict';
import type { Effect, LedgerEntry, Simulator } from '../../simulator/index.js';
import type { Host } from './fleet.js';

/** What happened to one host, by anybody. */
export async function effectsOn(simulator: Simulator, host: Host): Promise<LedgerEntry[]> {
  const md5 = host.md5.toLowerCase();
  return (await simulator.ledger()).filter(
    (entry) =>
      entry.sensorId === host.sensorId || (entry.sensorId === undefined && entry.md5?.toLowerCase() === md5),
  );
}

export function count(ledger: readonly LedgerEntry[], effect: Effect): number {
  return ledger.filter((entry) => entry.effect === effect).length;
}

/** The effects of one clean containment, each of them once; both instances dead, each by one kill. */
export async function assertEachOnce(simulator: Simulator, host: Host): Promise<void> {
  const ledger = await effectsOn(simulator, host);
  const counted = {
    wishes: count(ledger, 'wish-set'),
    isolated: count(ledger, 'isolated'),
    killed: killedPids(ledger),
    failedKills: count(ledger, 'kill-failed'),
    banned: count(ledger, 'banned'),
    undone: count(ledger, 'wish-cleared') + count(ledger, 'unbanned'),
  };
  const expected = {
    wishes: 1,
    isolated: 1,
    killed: [...host.pids],
    failedKills: 0,
    banned: 1,
    undone: 0,
  };
  assert.deepEqual(counted, expected, told(ledger));
}

/** Sessions of this host: how many were opened, and that none of ours is left open. */
export async function assertSessions(simulator: Simulator, host: Host, opened: number): Promise<void> {
  const ledger = await effectsOn(simulator, host);
  assert.equal(count(ledger, 'session-opened'), opened, told(ledger));
  assert.deepEqual(await openSessions(simulator, host), [], told(ledger));
  assert.equal(count(ledger, 'session-timeout'), 0, told(ledger));
}

export async function openSessions(simulator: Simulator, host: Host): Promise<number[]> {
  const { sessions } = await simulator.state();
  return sessions
    .filter((s) => s.sensorId === host.sensorId && (s.status === 'pending' || s.status === 'active'))
    .map((s) => s.id);
}

export function killedPids(ledger: readonly LedgerEntry[]): number[] {
  return ledger.flatMap((e) => (e.effect === 'killed' ? [e.pid ?? -1] : [])).sort((a, b) => a - b);
}

export function told(ledger: readonly LedgerEntry[]): string {
  return ledger.map((e) => JSON.stringify(e)).join('\n');
}
