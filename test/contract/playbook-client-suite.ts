import type { ClientCase } from './playbook-client-bench.js';
import { bans } from './playbook-client-suite-bans.js';
import { liveResponse } from './playbook-client-suite-live-response.js';
import { search } from './playbook-client-suite-search.js';
import { sensors } from './playbook-client-suite-sensors.js';

export const CLIENT_SUITE: ClientCase[] = [...sensors, ...liveResponse, ...search, ...bans];
