import type { HeldBy, HostStatus } from '../../client/host-types.js';

export const AT = '2026-11-24T13:43:46.100Z';

/** A hold of a person, for tests of what is made of holds. */
export function aHold(more: Partial<HeldBy> = {}): HeldBy {
  return {
    holdId: 'person/ann/1',
    workflowId: null,
    runId: null,
    who: 'ann',
    reason: 'looks odd',
    since: AT,
    until: null,
    verdict: null,
    alreadyWished: false,
    keptBecause: null,
    endAskedBy: null,
    running: null,
    ...more,
  };
}

/** A host that ann holds isolated, confirmed. */
export function aHost(more: Partial<HostStatus> = {}): HostStatus {
  return {
    summary: '',
    hostname: 'WIN7PRO64',
    sensorId: 1,
    server: 'cb.example:443',
    wish: true,
    fact: true,
    online: true,
    lastCheckin: AT,
    nextCheckin: '2026-11-24T13:44:16.100Z',
    leaseId: 'isolation/1',
    lease: 'running',
    state: 'placed',
    holds: [aHold()],
    until: null,
    untilIsEarliest: false,
    drift: [],
    problem: null,
    reminders: 0,
    source: 'sensor',
    asOf: AT,
    ...more,
  };
}
