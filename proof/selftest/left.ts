import type { SelftestReceipt } from '../../cli/selftest/receipt.js';
import type { LedgerEntry, SimulatorState } from '../../simulator/index.js';

const OPEN = ['pending', 'active'];

/** What a self-test left on a simulated server, in words; empty: nothing. Only what it names as not put back may stand. */
export function leftBy(
  receipt: SelftestReceipt,
  sensorId: number,
  state: SimulatorState,
  ledger: readonly LedgerEntry[],
): string[] {
  const said = new Set(receipt.putBack.filter((row) => row.outcome === 'failed').map((row) => row.what));
  const left: string[] = [];
  const see = (
    what: 'isolation' | 'ban' | 'session' | 'process' | 'file',
    stands: boolean,
    how: string,
  ): void => {
    if (stands && !said.has(what)) left.push(how);
  };
  const host = state.sensors.find((s) => s.id === sensorId);
  see(
    'isolation',
    host?.wish === true || host?.fact === true,
    `isolated: wish ${host?.wish}, fact ${host?.fact}`,
  );
  const { marker } = receipt;
  const ban = state.bans.find((b) => b.enabled && b.md5.toUpperCase() === marker?.md5);
  see('ban', ban !== undefined, `the ban of ${ban?.md5} stands`);
  for (const other of state.bans.filter((b) => b.enabled && b !== ban))
    left.push(`a ban of ${other.md5} stands, which is not its own`);
  const open = state.sessions.filter(
    (s) => s.sensorId === sensorId && s.openedBy === 'playbook' && OPEN.includes(s.status),
  );
  see('session', open.length > 0, `session ${open.map((s) => s.id).join(', ')} stands`);
  const running = host?.processes.filter((p) => p.path.includes('cb-playbook-selftest')) ?? [];
  see('process', running.length > 0, `pid ${running.map((p) => p.pid).join(', ')} runs`);
  const files = (effect: LedgerEntry['effect']): number =>
    ledger.filter((e) => e.effect === effect && e.sensorId === sensorId).length;
  const written = Math.min(1, files('file-written'));
  see('file', files('file-deleted') < written, 'the marker’s file is on the host');
  return [...left, ...touched(ledger, sensorId)];
}

/** Effects on hosts that are none of its own. */
function touched(ledger: readonly LedgerEntry[], sensorId: number): string[] {
  const own = ledger.filter(
    (e) => e.by === 'playbook' && e.sensorId !== undefined && e.sensorId !== sensorId,
  );
  return own.map((e) => `${e.effect} on sensor ${e.sensorId}`);
}
