import { createActivities } from '../../../activities/index.js';
import type { ContainActivities, Policy } from '../../../contract/index.js';
import type { EnvironmentOptions, PlaybookTestEnvironment } from '../../../testing/index.js';

/** Limits of the policy that the runs of a test are frozen with; a test may change them between two runs. */
export class Limits {
  containmentsPerHour: number | null = null;
  isolatedAtOnce: number | null = null;

  set(limits: Partial<Policy['limits']>): void {
    this.containmentsPerHour = limits.containmentsPerHour ?? null;
    this.isolatedAtOnce = limits.isolatedAtOnce ?? null;
  }

  /** The real `resolve`, with these limits in its policy. */
  overrides(env: () => PlaybookTestEnvironment): EnvironmentOptions['activityOverrides'] {
    const resolve: ContainActivities['resolve'] = async (input) => {
      const { cb, clock } = env();
      const resolved = await createActivities({ cb, clock }).resolve(input);
      const { containmentsPerHour, isolatedAtOnce } = this;
      const policy = { ...resolved.guard.policy, limits: { containmentsPerHour, isolatedAtOnce } };
      return { ...resolved, guard: { ...resolved.guard, policy } };
    };
    return { resolve };
  }
}
