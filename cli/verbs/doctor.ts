import { checkCbServer } from '../doctor/cb-server.js';
import { checkTemporal } from '../doctor/temporal.js';
import type { Finding } from '../doctor/finding.js';
import type { Output } from '../output.js';
import { columns } from '../text/table.js';

/** `cb-playbook doctor`: exits 0 when nothing fails, 2 when a setting is wrong, 3 when servers or workers are not there, 1 otherwise. */
export async function doctor(flags: { profile?: string }, output: Output): Promise<number> {
  const [server, temporal] = await Promise.all([checkCbServer(flags.profile), checkTemporal()]);
  const findings = [...server, ...temporal];
  const failed = findings.filter((f) => f.state === 'fail');
  output.answer({ ok: failed.length === 0, checks: findings }, text(findings));
  if (failed.length === 0) return 0;
  if (failed.some((f) => f.badInput)) return 2;
  return failed.every((f) => f.area === 'temporal' || f.unreachable) ? 3 : 1;
}

function text(findings: readonly Finding[]): string {
  const rows = columns(findings.map((f) => [f.state.padEnd(4), f.check, f.found]));
  return findings.map((f, i) => (f.next === null ? rows[i] : `${rows[i]}\n        → ${f.next}`)).join('\n');
}
