import type { LiveProcess } from '../../cb-response/index.js';
import type { KillRun } from './kill-run.js';

/** Most parents that get a note, and most children that one names. */
const PARENTS = 10;
const CHILDREN = 5;

/**
 * Children of what was killed that live on, by the last list: an implant may have started something under another name. They
 * are named and left alone, for nobody asked for them.
 */
export function noteChildren(run: KillRun, list: readonly LiveProcess[]): void {
  const matched = new Set(run.progress.instances.map((i) => i.guid));
  const childrenOf = new Map<string, LiveProcess[]>();
  for (const process of list) {
    if (process.parentGuid === null || matched.has(process.guid)) continue;
    const parent = process.parentGuid.toLowerCase();
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), process]);
  }
  const parents = run.progress.instances.filter(
    (i) => i.outcome === 'killed' && childrenOf.has(i.guid.toLowerCase()),
  );
  for (const parent of parents.slice(0, PARENTS)) {
    const children = childrenOf.get(parent.guid.toLowerCase()) ?? [];
    const named = children.slice(0, CHILDREN).map((c) => `pid ${c.pid} ${c.path}`);
    const rest = children.length - named.length;
    run.note(
      `Pid ${parent.pid} (${parent.path}) was killed; what it had started lives on: ${named.join(', ')}` +
        (rest > 0 ? ` and ${rest} more.` : '.'),
    );
  }
  const more = parents.length - PARENTS;
  if (more > 0) run.note(`${more} more of the killed processes have children that live on.`);
}
