import { isCbError, type LiveCommand } from '../../cb-response/index.js';
import { cutMessage, EVIDENCE_LIMIT_MS, type EvidenceReport, formatDuration } from '../../contract/index.js';
import { closeOwn } from './close-session.js';
import { NotEndedYet, SessionGone } from './commands.js';
import { copyFile, type Taken } from './evidence-file.js';
import { dumpMemory } from './evidence-memory.js';
import { type KillRun, StepDeadline } from './kill-run.js';
import { pathForm } from './match.js';
import type { Match } from './select.js';
import { forget, haveSession } from './session.js';

/**
 * Takes what was asked for before the first kill, {@link EVIDENCE_LIMIT_MS} in all; what is killed later gets none, for it
 * came while others were dying. Never holds the kill up beyond that: whatever goes wrong is in the report. Each piece is
 * checkpointed, so that another worker does not take it twice. True when time passed over it.
 */
export async function takeEvidence(run: KillRun, targets: readonly Match[]): Promise<boolean> {
  const { progress, input } = run;
  if (input.evidence === 'none' || progress.instances.some((i) => i.kills.length > 0)) return false;
  progress.evidenceFrom ??= await run.now();
  const until = progress.evidenceFrom + EVIDENCE_LIMIT_MS;
  let tried = false;
  for (const { process } of targets) {
    const about = { kind: input.evidence, guid: process.guid, path: process.path };
    if (isThere(run, about)) continue;
    const why = await whyNot(run, about, until);
    tried ||= why === null;
    const came = why === null ? await attempt(run, about, until) : skipped(why);
    progress.evidence.push({ ...about, ...came, at: new Date(await run.now()).toISOString() });
    if (why === null) await run.checkpoint();
  }
  return tried;
}

type About = Pick<EvidenceReport, 'kind' | 'guid' | 'path'>;
type Outcome = Pick<EvidenceReport, 'outcome' | 'why'> & Taken;
const NOTHING: Taken = { where: null, md5: null, bytes: null };

/** A file once a path; memory, which is the whole host's, once. */
function isThere(run: KillRun, { kind, path }: About): boolean {
  const { osType } = run.input.target;
  return run.progress.evidence.some(
    (e) => e.kind === kind && (kind === 'memory' || pathForm(e.path, osType) === pathForm(path, osType)),
  );
}

async function whyNot(run: KillRun, { kind, path }: About, until: number): Promise<string | null> {
  if ((await run.now()) >= until)
    return `The time for evidence, ${formatDuration(EVIDENCE_LIMIT_MS)}, was over.`;
  if (kind === 'file' && path === '') return 'The list names no file of this process.';
  if (kind === 'file' && run.deps.evidenceDir === null)
    return 'This worker keeps no evidence: start it with --evidence-dir, or CB_PLAYBOOK_EVIDENCE_DIR.';
  await haveSession(run);
  // Nobody may close it to make way for the kill.
  if (!run.progress.sessionOurs)
    return `The session is somebody else's: a ${kind === 'memory' ? 'dump' : 'copy'} that hangs there would hold up the kill.`;
  return null;
}

function skipped(why: string): Outcome {
  return { outcome: 'skipped', why, ...NOTHING };
}

async function attempt(run: KillRun, { kind, path }: About, until: number): Promise<Outcome> {
  try {
    const taken = kind === 'file' ? await copyFile(run, path, until) : await dumpMemory(run, until);
    return { outcome: 'taken', why: null, ...taken };
  } catch (err) {
    // Only what ends the attempt, or the step, may end the kill too.
    if (run.signal.aborted || run.lost || err instanceof StepDeadline) throw err;
    if (err instanceof NotEndedYet) await makeWay(run, err.command);
    return { outcome: 'failed', why: cutMessage(whyFailed(err)), ...NOTHING };
  }
}

function whyFailed(err: unknown): string {
  if (err instanceof SessionGone) return 'The Live Response session ended meanwhile.';
  return err instanceof Error ? err.message : String(err);
}

/**
 * A sensor works on one command of a session after the other: the kill would wait behind one that has not ended. It is taken
 * back, which helps only where it has not begun; so the session is closed where it is ours, and the kill gets a new one.
 */
async function makeWay(run: KillRun, command: LiveCommand | null): Promise<void> {
  const { sessionId, sessionOurs } = run.progress;
  try {
    if (command !== null) await run.deps.cb.liveResponse.cancelCommand(command.sessionId, command.id);
  } catch (err) {
    if (!isCbError(err)) throw err;
  }
  if (sessionId === null || !sessionOurs) return;
  await closeOwn(run.deps, run.progress);
  // One that still stands stays known as ours: it is closed in the end, and the server gives no second one beside it.
  if (run.progress.sessionId !== null) return;
  forget(run, sessionId, 'Its host may have been busy with taking evidence.');
}
