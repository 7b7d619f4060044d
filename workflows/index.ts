import './stack-depth.js';
export { notifyReceiver } from './announce.js';
export { brakes } from './brakes.js';
export { containEndpoint } from './contain-endpoint.js';
export { isolationLease } from './isolation-lease.js';
export { lookup, reconcile } from './lookup.js';
export { undoContainment } from './undo-containment.js';
