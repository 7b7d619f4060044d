/** A Cb Response server on loopback, for tests, demos and trying things out. See docs/simulator.md. */
export { realClock, virtualClock, type VirtualClock } from './clock.js';
export { syntheticFile, type SyntheticFile } from './content.js';
export { processGuid, filetime } from './ids.js';
export { defaultKnobs, type Knobs, type Profile, type Rights } from './knobs.js';
export { runSimulatorProcess, type SimulatorProcessOptions } from './process.js';
export type { Scenario } from './scenario.js';
export { loadScenario, ScenarioError, shippedScenarios } from './scenario-file.js';
export { defaultToken, startSimulator } from './server.js';
export { TABLE_16, type OpenQuestion } from './table16.js';
export type * from './types.js';
