import type { Context } from '@temporalio/activity';
import type { Ban } from '../cb-response/index.js';
import {
  type BanInput,
  type BanResult,
  type BanState,
  type FrozenTarget,
  type HashesByNameInput,
  type HashesByNameResult,
  protectedFromKill,
  type RunIdentity,
  type UnbanResult,
} from '../contract/index.js';
import type { Deps } from './deps.js';
import { afterActing, failure } from './failure.js';
import { sameServer } from './frozen.js';
import { requireStillOurs } from './still-ours.js';
import { temporalNow } from './temporal-time.js';

/** Above so many hashes the whole list is one request instead of as many. */
const ONE_BY_ONE = 8;

/** The state before: in history before the first attempt, so that no retry takes our own ban for somebody else's. */
export async function readBans(
  deps: Deps,
  context: Context,
  input: { target: FrozenTarget; md5s: string[] },
): Promise<BanState[]> {
  sameServer(deps, input.target);
  const o = { signal: context.cancellationSignal };
  const { md5s } = input;
  const all = md5s.length > ONE_BY_ONE ? await deps.cb.bans.list(o) : null;
  const read = (md5: string): Promise<Ban | null> | Ban | null =>
    all === null ? deps.cb.bans.get(md5, o) : (all.find((b) => b.md5 === md5) ?? null);
  return await Promise.all(
    md5s.map(async (md5) => {
      const found = await read(md5);
      const before =
        found === null ? null : { enabled: found.enabled, text: found.text, username: found.username };
      return { md5, before };
    }),
  );
}

/** Step 5, one hash: idempotent by state. A ban whose text names this run is ours, whichever attempt made it. */
export async function ban(deps: Deps, context: Context, input: BanInput): Promise<BanResult> {
  const { md5, run, target } = input;
  sameServer(deps, target);
  // An answer that was lost says nothing: what an earlier attempt did is read back before it is done again. And some servers
  // let a second ban take the first one's place, text and owner too: what somebody banned meanwhile stays theirs.
  const read = deps.cb.bans.get(md5);
  const stands = await (context.info.attempt > 1 ? afterActing(read) : read);
  if (stands?.enabled) return inForce(input, stands, await deps.clock.now());
  if ((await temporalNow(deps, context)) > input.deadline)
    throw failure('DeadlinePassed', `The time to ban ${md5} has passed.`);
  await requireStillOurs(deps, context);
  const text = await banText(deps, run);
  if (stands === null) await deps.cb.bans.add(md5, text);
  else await deps.cb.bans.enable({ ...stands, text });
  const now = await afterActing(deps.cb.bans.get(md5));
  const at = await deps.clock.now();
  if (now === null || !now.enabled) {
    throw failure('ServerUnavailable', `The ban of ${md5} was accepted and is not in force; trying again.`);
  }
  return inForce(input, now, at);
}

function inForce({ before, run }: BanInput, ban: Ban, at: number): BanResult {
  if (!namesRun(ban, run))
    return { outcome: 'already-banned', why: ban.username === null ? null : `By ${ban.username}.`, at };
  return { outcome: 'banned', why: before === null ? null : 'A disabled ban was enabled.', at };
}

/** Undo of one ban: only one that names this run, and only what it was before. */
export async function unban(deps: Deps, context: Context, input: BanInput): Promise<UnbanResult> {
  const { md5, run, target } = input;
  sameServer(deps, target);
  const now = await deps.cb.bans.get(md5);
  const at = await deps.clock.now();
  if (now === null || (!now.enabled && input.before !== null))
    return { outcome: 'nothing-to-undo', why: null, at };
  if (!now.enabled) return { outcome: 'undone', why: null, at };
  if (!namesRun(now, run)) {
    return {
      outcome: 'left',
      why: `The ban is not this run's: ${now.username ?? 'somebody'} made or changed it.`,
      at,
    };
  }
  if ((await temporalNow(deps, context)) > input.deadline)
    return { outcome: 'failed', why: 'Not undone by the deadline.', at };
  await requireStillOurs(deps, context);
  await deps.cb.bans.disable(md5);
  const after = await deps.cb.bans.get(md5);
  if (after?.enabled)
    throw failure('ServerUnavailable', `The ban of ${md5} is still in force; trying again.`);
  return { outcome: 'undone', why: null, at: await deps.clock.now() };
}

/**
 * Every hash seen under a process name on any host (hazard H7), upper case; those that some protected process was seen with
 * apart, wherever else they were seen: a ban would stop it too.
 */
export async function hashesByName(
  deps: Deps,
  context: Context,
  input: HashesByNameInput,
): Promise<HashesByNameResult> {
  sameServer(deps, input.target);
  const { osType } = input.target;
  const found = await deps.cb.processes.byName(input.name, {}, { signal: context.cancellationSignal });
  const md5s = new Set<string>();
  const protectedMd5s = new Set<string>();
  for (const { md5, path } of found.rows) {
    if (md5 === null) continue;
    const why = protectedFromKill(path, osType, input.protectedProcesses ?? []);
    (why === null ? md5s : protectedMd5s).add(md5);
  }
  return {
    md5s: [...md5s].filter((md5) => !protectedMd5s.has(md5)),
    protectedMd5s: [...protectedMd5s],
    incomplete: found.incomplete,
  };
}

/** Who, when, which run: people read it in the console, and we know our own by it. */
async function banText(deps: Deps, run: RunIdentity): Promise<string> {
  const at = new Date(await deps.clock.now()).toISOString();
  const reason = run.reason === null ? '' : `: ${run.reason.slice(0, 200)}`;
  // The tag comes first: a server that cuts long texts must not cut what tells our own ban from somebody else's.
  return `${runTag(run)} banned for ${run.who ?? 'somebody'} at ${at}${reason}`;
}

function runTag(run: Pick<RunIdentity, 'workflowId' | 'runId'>): string {
  return `cb-response-playbook run ${run.workflowId} ${run.runId}:`;
}

/** By the head of the text alone: what people wrote behind it, or into a ban of their own, may cite any run. */
export function namesRun(ban: Ban, run: Pick<RunIdentity, 'workflowId' | 'runId'>): boolean {
  return ban.text.startsWith(runTag(run));
}
