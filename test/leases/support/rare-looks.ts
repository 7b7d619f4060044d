import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { createActivities } from '../../../activities/index.js';
import type { OnlineInput, OnlineResult } from '../../../contract/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';

const HALF_AN_HOUR_MS = 30 * 60_000;

/**
 * The playbook's own look for an offline host, at a slower pace: for three days in which nothing is seen. Looks leave no
 * events, and their own pace over three days is shown elsewhere (offline.test.ts).
 */
export function rareLooks(env: () => PlaybookTestEnvironment) {
  return async (input: OnlineInput): Promise<OnlineResult> => {
    const { cb, clock } = env();
    try {
      return await createActivities({ cb, clock }).awaitOnline(input);
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type !== 'NotYet' || input.deadline === 0)
        throw error;
      const left = Math.max(1, input.deadline - (await clock.now()));
      throw ApplicationFailure.create({
        type: 'NotYet',
        message: error.message,
        category: ApplicationFailureCategory.BENIGN,
        nextRetryDelay: Math.min(left, HALF_AN_HOUR_MS),
      });
    }
  };
}
