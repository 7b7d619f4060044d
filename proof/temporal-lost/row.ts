import { VERDICTS, type Verdict } from '../../contract/index.js';
import type { Row } from '../part.js';
import type { Attack, Attacked } from './attack.js';

/** The line of the table for one attack. A run that had ended before the blow was not tried, unless something is wrong with it. */
export function rowOf({ attack, promise }: Attack, ends: readonly Attacked[]): Row {
  const tried = ends.filter(({ spared, wrong }) => spared !== true || wrong.length > 0);
  const held = tried.filter(({ wrong }) => wrong.length === 0).length;
  const spared = ends.length - tried.length;
  const lastMs = Math.max(...tried.map(({ endedAfterMs }) => endedAfterMs));
  const measured = [
    ...verdictsIn(tried),
    ...(tried.length > 0 ? [`last run ended ${(lastMs / 1_000).toFixed(0)} s after the blow`] : []),
    ...(spared > 0 ? [`${spared} more had ended before the blow and are not counted`] : []),
  ];
  return { attack, promise, tried: tried.length, held, measured: measured.join('; ') };
}

/** How many ended as without the blow, and how the others did; nothing where no other verdict would be right. */
function verdictsIn(ends: readonly Attacked[]): string[] {
  const compared = ends.filter(({ undisturbed }) => undisturbed !== undefined);
  if (compared.length === 0) return [];
  const same = compared.filter((end) => wordOf(end) === end.undisturbed).length;
  const worse = compared.filter(isWorse);
  const others = compared.filter((end) => wordOf(end) !== end.undisturbed && !isWorse(end));
  return [
    `${same} ended as without the blow`,
    `${worse.length} worse${listed(worse)}`,
    ...(others.length > 0 ? [`${others.length} otherwise${listed(others)}`] : []),
  ];
}

/** The verdict without its gaps. */
function wordOf({ verdict }: Attacked): string {
  return verdict.replace(/ \(.*/, '');
}

function isWorse(end: Attacked): boolean {
  // The worst verdict comes first.
  const [is, was] = [wordOf(end), end.undisturbed].map((word) => VERDICTS.indexOf(word as Verdict));
  return is !== -1 && was !== -1 && (is as number) < (was as number);
}

/** ` (rolled-back 2, contained-partly 1)`; empty where there are none. */
function listed(ends: readonly Attacked[]): string {
  const words = ends.map(wordOf);
  const counts = [...new Set(words)].map((word) => `${word} ${words.filter((w) => w === word).length}`);
  return counts.length === 0 ? '' : ` (${counts.join(', ')})`;
}
