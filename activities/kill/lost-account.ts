import { isCbError, type LiveProcess } from '../../cb-response/index.js';
import { deadInstance, rowsOf } from './from-index.js';
import type { KillRun } from './kill-run.js';

/**
 * What earlier attempts killed while they could tell Temporal of nothing: the kills stand on the session's own command list,
 * and what they met in the index. Found dead is all that is said of it, for another run may have used the session too. What
 * the index does not know is told in words: its hash is nobody's to ban.
 */
export async function findUnaccounted(run: KillRun, list: readonly LiveProcess[]): Promise<void> {
  const { progress } = run;
  if (run.context.info.attempt === 1 || progress.sessionId === null) return;
  const pids = (await killsIn(run, progress.sessionId)).filter(
    (pid) => !progress.instances.some((i) => i.pid === pid),
  );
  const alive = new Set(list.map((p) => p.guid));
  const at = new Date(await run.now()).toISOString();
  for (const pid of new Set(pids)) {
    let known = false;
    for (const numbered of run.input.selectors) {
      const row = (await rowsOf(run, numbered)).filter((r) => r.pid === pid && !alive.has(r.guid)).at(-1);
      if (row === undefined) continue;
      known = true;
      const instance = run.instance(row.guid);
      if (instance === undefined) progress.instances.push(deadInstance(row, numbered.n, at));
      else if (!instance.selectors.includes(numbered.n)) instance.selectors.push(numbered.n);
    }
    if (!known)
      run.note(
        `An attempt that could not tell of it killed pid ${pid}; what that was, and its hash, are not known.`,
      );
  }
}

/** Pids of the kills that were carried out in this session under the playbook's own name. */
async function killsIn(run: KillRun, sessionId: number): Promise<number[]> {
  try {
    const commands = await run.deps.cb.liveResponse.commands(sessionId, { signal: run.signal });
    return commands
      .filter((c) => c.name === 'kill' && c.status === 'complete' && (c.resultCode ?? 0) === 0)
      .filter((c) => c.username !== null && c.username === run.progress.username)
      .map((c) => Number(c.object));
  } catch (err) {
    if (isCbError(err, 'not-found')) return [];
    throw err;
  }
}
