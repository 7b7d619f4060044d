export { notifyReceiver } from './announce.js';
export { containEndpoint } from './contain-endpoint.js';
export { isolationLease } from './isolation-lease.js';
export { lookup, reconcile } from './lookup.js';
