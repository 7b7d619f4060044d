import {
  allHandlersFinished,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import {
  type AdmitArgs,
  BRAKES_HOUR_MS,
  brakesState,
  type BrakesInput,
  MEMO_KEYS,
  type PauseArgs,
  pausedWords,
  type PauseResult,
  type ResumeArgs,
} from '../contract/index.js';
import { BrakeBook } from './brake-book.js';
import { failure } from './failure.js';
import { admitUpdate, brakesQuery, pauseUpdate, resumeUpdate } from './messages.js';
import { now } from './time.js';

/** A worker that lost it from its cache reads little, and a start waits for its answer. */
const LONG_HISTORY = 300;
const MOST_TEXT = 1_000;
const MOST_ID = 2_000;

/**
 * The brakes of the whole playbook (id `brakes`, one a namespace): a pause that somebody set, and the count of containments
 * that the limits of a policy are about. Started by the first who needs it, and never ends by itself; cancelling it lets
 * nothing go on. Ended from outside, its memo is taken over by the next: a pause ends by `resume` alone.
 */
export async function brakes(input?: BrakesInput): Promise<never> {
  // Started by hand in Temporal Web it has no argument.
  const book = new BrakeBook(input?.carried);
  handleMessages(book);
  return await CancellationScope.nonCancellable(async () => {
    let told = -1;
    for (;;) {
      if (told !== book.version) tell(book);
      told = book.version;
      if (isLong()) {
        await condition(allHandlersFinished);
        const carried = book.carried();
        // With its memo: whoever looks before the next run has begun must see the pause.
        await makeContinueAsNewFunc<typeof brakes>({ memo: { [MEMO_KEYS.brakes]: carried } })({ carried });
      }
      await condition(() => book.version !== told || isLong());
    }
  });
}

function isLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > LONG_HISTORY;
}

/** What may be seen without a worker, in the same task as the change itself. */
function tell(book: BrakeBook): void {
  upsertMemo({ [MEMO_KEYS.brakes]: book.carried() });
  const state = brakesState(book.carried(), now());
  const hosts = state.isolated.map((s) => `- ${s.hostname} (sensor ${s.sensorId}) since ${s.since}`);
  setCurrentDetails(
    [
      state.paused ? `### PAUSED\n\n${pausedWords(state)}` : '### Not paused',
      `${state.lastHour} containments started within the ${BRAKES_HOUR_MS / 60_000} minutes before ${state.asOf}.`,
      hosts.length === 0 ? 'No host counts as isolated.' : `Counted as isolated:\n\n${hosts.join('\n')}`,
      state.events.map((e) => `- ${e.at} ${e.what}`).join('\n'),
    ]
      .filter((line) => line !== '')
      .join('\n\n'),
  );
}

function handleMessages(book: BrakeBook): void {
  const result = (changed: boolean): PauseResult => ({ changed, state: brakesState(book.carried(), now()) });
  setHandler(admitUpdate, (args) => book.admit(args), {
    description: 'May this containment start? Sent by the worker.',
    validator: validateAdmit,
  });
  setHandler(pauseUpdate, (args) => result(book.pause({ who: args.who ?? null, why: args.why.trim() })), {
    description: 'Start no new containment until it is resumed: {who, why}.',
    validator: (args: PauseArgs) => {
      requireText('who', args?.who ?? null);
      requireText('why', args?.why, 'needed');
    },
  });
  setHandler(resumeUpdate, (args) => result(book.resume({ who: args.who ?? null, why: args.why ?? null })), {
    description: 'Let containments start again: {who, why?}.',
    validator: (args: ResumeArgs) => {
      requireText('who', args?.who ?? null);
      requireText('why', args?.why ?? null);
    },
  });
  setHandler(brakesQuery, () => brakesState(book.carried(), now()), {
    description: 'Whether the playbook is paused, and what counts against the limits.',
  });
}

function validateAdmit(args: AdmitArgs): void {
  const texts = [args?.workflowId, args?.runId, args?.hostname];
  const limits = [args?.limits?.containmentsPerHour, args?.limits?.isolatedAtOnce];
  const fits =
    texts.every((t) => typeof t === 'string' && t !== '' && t.length <= MOST_ID) &&
    Number.isSafeInteger(args.sensorId) &&
    limits.every((n) => n === null || (typeof n === 'number' && n >= 0)) &&
    Array.isArray(args.gone);
  if (fits) return;
  throw failure(
    'InvalidRequest',
    'admit: {workflowId, runId, sensorId, hostname, isolate, limits, override, gone}.',
  );
}

function requireText(key: string, value: unknown, how: 'needed' | 'may-lack' = 'may-lack'): void {
  if (value === null && how === 'may-lack') return;
  if (typeof value === 'string' && value.length <= MOST_TEXT && (how === 'may-lack' || value.trim() !== ''))
    return;
  throw failure('InvalidRequest', `${key}: a text of at most ${MOST_TEXT} characters.`);
}
