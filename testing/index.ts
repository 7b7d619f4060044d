export { freePort, startDevServer, type DevServer, type DevServerOptions } from './dev-server.js';
export type {
  Containment,
  EnvironmentOptions,
  PlaybookTestEnvironment,
  StartOptions,
} from './environment.js';
export { outcomeOf, receiptInMemo, type Outcome } from './outcome.js';
export { createDevServerEnvironment, type DevServerEnvironment, type RunningServer } from './real-server.js';
export { allRuns, replayRuns, type RunId } from './replay.js';
export { realClock, sharedClock, type SharedClock } from './shared-clock.js';
export { createPlaybookTestEnvironment } from './time-skipping.js';
export { playbookBundle } from './workflow-bundle.js';
