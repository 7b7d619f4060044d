import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { createActivities } from '../../../activities/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';

const HALF_AN_HOUR_MS = 30 * 60_000;
/** Looks that come more often are waited for by somebody: a wish that is to become a fact. */
const SELDOM_MS: Record<Look, number> = { awaitOnline: 0, watchIsolation: 10 * 60_000 };

type Look = 'awaitOnline' | 'watchIsolation';
interface LookInput {
  deadline: number;
}

/**
 * The playbook's own look for an offline host, or at one that is held, at a slower pace: for days in which nothing is seen.
 * Looks leave no events, and their own pace is shown elsewhere (pace-of-looks.test.ts, drift.test.ts).
 */
export function rareLooks(
  env: () => PlaybookTestEnvironment,
  ...names: Look[]
): Record<string, (input: LookInput) => Promise<unknown>> {
  const rarely = (name: Look) => async (input: LookInput) => {
    const { cb, clock } = env();
    try {
      const look = createActivities({ cb, clock })[name] as (input: LookInput) => Promise<unknown>;
      return await look(input);
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type !== 'NotYet' || input.deadline === 0)
        throw error;
      if (Number(error.nextRetryDelay) < SELDOM_MS[name]) throw error;
      const left = Math.max(1, input.deadline - (await env().temporal.currentTimeMs()));
      throw ApplicationFailure.create({
        type: 'NotYet',
        message: error.message,
        category: ApplicationFailureCategory.BENIGN,
        nextRetryDelay: Math.min(left, HALF_AN_HOUR_MS),
      });
    }
  };
  return Object.fromEntries(names.map((name) => [name, rarely(name)]));
}
