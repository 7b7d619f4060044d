export { containEndpoint } from './contain-endpoint.js';
export { isolationLease } from './isolation-lease.js';
