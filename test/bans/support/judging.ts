import { after, before } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities, type PlaybookActivities } from '../../../activities/index.js';
import { CbResponse } from '../../../cb-response/index.js';
import { DEFAULT_POLICY, type Policy, type Target } from '../../../contract/index.js';
import { startSimulator, type Scenario, type Simulator } from '../../../simulator/index.js';

export interface Judging {
  simulator: Simulator;
  target: Target;
  run: <K extends 'judgeHashes' | 'makePlan' | 'readBans'>(
    name: K,
    input: Parameters<PlaybookActivities[K]>[0],
  ) => Promise<Awaited<ReturnType<PlaybookActivities[K]>>>;
}

/** Activities on a simulated server, without Temporal: they only look. */
export function withServer(scenario: Scenario): () => Judging {
  let simulator: Simulator;
  let cb: CbResponse;
  before(async () => {
    simulator = await startSimulator({ scenario });
    cb = new CbResponse({ url: simulator.url, token: simulator.token, serverName: 'cb.example' });
  });
  after(async () => {
    cb?.close();
    await simulator?.close();
  });
  return () => ({
    simulator,
    target: TARGET,
    run: (async (name, input) => {
      const activity = createActivities({ cb })[name] as unknown as (input: unknown) => Promise<never>;
      return await new MockActivityEnvironment().run(activity, input);
    }) as Judging['run'],
  });
}

export const TARGET: Target = {
  server: 'cb.example',
  sensorId: 1,
  hostname: 'HOST-1',
  dnsName: null,
  ip: null,
  groupId: 1,
  os: 'Windows 10',
  osType: 'windows',
  lastCheckin: null,
  registration: '2026-01-01',
};

export function policy(ban: Partial<Policy['ban']> = {}, more: Partial<Policy> = {}): Policy {
  return { ...DEFAULT_POLICY, ...more, ban: { ...DEFAULT_POLICY.ban, ...ban } };
}
