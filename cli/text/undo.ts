import type { UndoReceipt } from '../../contract/index.js';
import { columns, section } from './table.js';

/** What an undo did or would do, for people. */
export function undoText(receipt: UndoReceipt): string {
  const { verdict, summary, of, standing, undo, left, notes, problems } = receipt;
  const plan = verdict === 'planned';
  return [
    `${verdict.toUpperCase()}  ${of.hostname ?? of.workflowId}`,
    summary,
    '',
    ...section(plan ? 'would undo' : 'stood', columns(standing.map((s) => [s.change, s.target, s.effect]))),
    ...section('undo', columns(undo.map((u) => [u.outcome, u.change, u.target, u.why ?? '']))),
    ...section('left', columns(left.map((l) => [l.change, l.target, l.why]))),
    ...section('notes', notes),
    ...section(
      'problems',
      problems.map((p) => `${p.type}: ${p.message}`),
    ),
    ...section('run', [`${of.workflowId}  ${of.runId}${of.verdict === null ? '' : `  ${of.verdict}`}`]),
    ...section('next', nextOf(receipt)),
  ].join('\n');
}

function nextOf({ verdict, of }: UndoReceipt): string[] {
  if (verdict === 'planned') return [`Do it: cb-playbook undo ${of.workflowId} --run-id ${of.runId} --yes`];
  return verdict === 'partly'
    ? ['Undo by hand what is marked failed, or try again: it takes up what is left.']
    : [];
}
