import type { SelftestReceipt } from '../selftest/receipt.js';
import { columns, section } from './table.js';

/** What a self-test did and saw, for people. */
export function selftestText(receipt: SelftestReceipt, file: string | null): string {
  const { verdict, summary, sensor, server, objections, steps, putBack, notes, marker } = receipt;
  const checks = steps.flatMap((s) => s.checks.map((c) => ({ step: s.step, ...c })));
  const byHand = putBack.flatMap((p) => (p.byHand === null ? [] : [`${p.what} ${p.target}: ${p.byHand}`]));
  return [
    `${verdict.toUpperCase()}  ${sensor?.hostname ?? 'no host'} on ${server.name} (${server.version ?? 'version not known'})`,
    summary,
    '',
    ...section(
      'objections',
      objections.flatMap(({ what, settledBy }) => [what, `→ ${settledBy}`]),
    ),
    ...section('marker', marker === null ? [] : [`${marker.path}  ${marker.md5}`]),
    ...section(
      'steps',
      columns(steps.map((s) => [s.outcome, s.step, seconds(s.startedAt, s.endedAt), s.why ?? ''])),
    ),
    ...section(
      'seen',
      columns(
        checks.map((c) => [
          c.passed ? 'ok' : 'NO',
          c.step,
          `${c.what}: ${c.seen}${c.passed ? '' : ` (expected: ${c.expected})`}`,
        ]),
      ),
    ),
    ...section('put back', columns(putBack.map((p) => [p.outcome, p.what, p.target, p.why ?? '']))),
    ...section('BY HAND', byHand),
    ...section('notes', notes),
    ...section('receipt', file === null ? [] : [file]),
  ].join('\n');
}

function seconds(from: string, to: string): string {
  return `${Math.round((Date.parse(to) - Date.parse(from)) / 1_000)} s`;
}
