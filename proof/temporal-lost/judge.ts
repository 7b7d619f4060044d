import type { Receipt, Verdict } from '../../contract/index.js';
import type { Effect, LedgerEntry, SimulatorState } from '../../simulator/index.js';
import { count } from '../../test/chaos/effects.js';
import type { Host } from '../../test/chaos/fleet.js';

/** What is known of one run when it has ended: its receipt, what was done to its host, and how the host stands then. */
export interface Seen {
  receipt: Receipt | null;
  ledger: readonly LedgerEntry[];
  state: SimulatorState;
}

const ONCE: readonly Effect[] = ['wish-set', 'isolated', 'wish-cleared', 'released', 'banned', 'unbanned'];

/** Every promise that did not hold for this run, one sentence each; none where all held. */
export function judge(host: Host, seen: Seen, verdicts: readonly Verdict[]): string[] {
  const { receipt } = seen;
  if (receipt === null) return ['The run left no receipt.', ...doneTwice(host, seen), ...leaked(host, seen)];
  const { verdict } = receipt;
  const wrong = verdicts.includes(verdict)
    ? []
    : [`The verdict is ${verdict}, not ${verdicts.join(' or ')}.`];
  return [...wrong, ...untrue(host, seen, receipt), ...doneTwice(host, seen), ...leaked(host, seen)];
}

/** What the receipt says, and the host does not. */
function untrue(host: Host, { state }: Seen, receipt: Receipt): string[] {
  const sensor = state.sensors.find(({ id }) => id === host.sensorId);
  if (sensor === undefined) return [`Sensor ${host.sensorId} is not on the server.`];
  const alive = sensor.processes.filter(({ pid }) => host.pids.includes(pid)).map(({ pid }) => pid);
  const isBanned = state.bans.some((ban) => ban.enabled && ban.md5.toUpperCase() === host.md5);
  const { verdict } = receipt;
  const wrong: string[] = [];
  if (receipt.isolation.outcome === 'isolated' && !sensor.fact)
    wrong.push('Said to be isolated, and it is not.');
  for (const { pid, outcome } of receipt.processes) {
    if ((outcome === 'killed' || outcome === 'already-gone') && pid !== null && alive.includes(pid))
      wrong.push(`Process ${pid} is said to be ${outcome}, and is alive.`);
  }
  if (verdict === 'contained') {
    if (!sensor.fact || !sensor.wish) wrong.push('Contained, and the host is not isolated.');
    if (alive.length > 0) wrong.push(`Contained, and ${alive.join(', ')} are alive.`);
    if (!isBanned) wrong.push('Contained, and the hash is not banned.');
  }
  if (verdict === 'rolled-back') {
    if (sensor.fact || sensor.wish) wrong.push('Rolled back, and the host is isolated still.');
    if (isBanned) wrong.push('Rolled back, and the hash is banned still.');
  }
  if (verdict === 'isolation-pending' && !sensor.wish)
    wrong.push('Isolation is pending, and the wish does not stand.');
  return wrong;
}

function doneTwice(host: Host, { ledger }: Seen): string[] {
  const twice = ONCE.filter((effect) => count(ledger, effect) > 1).map(
    (effect) => `${effect} ${count(ledger, effect)} times.`,
  );
  const failed = count(ledger, 'kill-failed');
  if (failed > 0) twice.push(`${failed} kills of a pid that was gone.`);
  const killed = ledger.filter(({ effect }) => effect === 'killed').map(({ pid }) => pid ?? -1);
  for (const pid of new Set(killed)) {
    const times = killed.filter((other) => other === pid).length;
    if (times > 1) twice.push(`Process ${pid} was killed ${times} times.`);
    if (!host.pids.includes(pid)) twice.push(`Process ${pid} was killed, which nobody asked for.`);
  }
  return twice;
}

function leaked(host: Host, { ledger, state }: Seen): string[] {
  const open = state.sessions.filter(
    (s) => s.sensorId === host.sensorId && (s.status === 'pending' || s.status === 'active'),
  );
  const wrong = open.map(({ id, status }) => `Session ${id} is ${status} still.`);
  if (count(ledger, 'session-timeout') > 0) wrong.push('A session was left to its time-out.');
  return wrong;
}
