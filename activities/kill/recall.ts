import { isCbError, type LiveCommand } from '../../cb-response/index.js';
import { wholeList } from './commands.js';
import type { KillRun } from './kill-run.js';
import { isByUs } from './posted-kills.js';
import { take } from './rounds.js';
import { select } from './select.js';

/**
 * Takes in what earlier attempts killed and this one was never told of: their checkpoint could not be sent, or a heartbeat
 * that was under way before it arrived after it. The lists that those kills went by are on the session, as the kills are.
 */
export async function recallInstances(run: KillRun): Promise<void> {
  const { progress } = run;
  const { sessionId } = progress;
  if (sessionId === null) return;
  let commands: LiveCommand[];
  try {
    commands = await run.deps.cb.liveResponse.commands(sessionId, { signal: run.signal });
  } catch (err) {
    if (isCbError(err, 'not-found')) return;
    throw err;
  }
  const at = new Date(await run.now()).toISOString();
  for (const posted of commands) {
    const pid = Number(posted.object);
    if (posted.name !== 'kill' || !isByUs(progress, posted)) continue;
    if (progress.instances.some((i) => i.pid === pid)) continue;
    const before = commands.filter((c) => c.name === 'process list' && c.id < posted.id);
    const list = before.sort((a, b) => a.id - b.id).at(-1);
    if (list === undefined) continue;
    const ended = await run.deps.cb.liveResponse.command(sessionId, list.id, {}, { signal: run.signal });
    const shown = (ended === null ? null : wholeList(ended))?.filter((p) => p.pid === pid) ?? [];
    take(run, (await select(run, shown)).matches, at);
  }
}
