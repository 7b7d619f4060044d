export { runWorkerProcess, type ReadyLine } from './process.js';
export { scrubFailure, scrubFailures } from './scrub-failures.js';
export { createScrub, type Scrub } from './scrub.js';
export { registerSearchAttributes, type SearchAttributesReport } from './search-attributes.js';
export type { WorkerProcessOptions } from './settings.js';
export { WorkerStartError } from './start-error.js';
export {
  findWorkflows,
  workflowInterceptors,
  workflowsEntry,
  type WorkflowSource,
} from './workflow-source.js';
export {
  createPlaybookWorkers,
  DEFAULT_SLOTS,
  type PlaybookWorkers,
  type PlaybookWorkersOptions,
} from './workers.js';
