import { bans } from './playbook-client-suite-bans.js';
import type { ClientBench } from './playbook-client-bench.js';
import { liveResponse } from './playbook-client-suite-live-response.js';
import { search } from './playbook-client-suite-search.js';
import { sensors } from './playbook-client-suite-sensors.js';
import type { Knobs, Scenario } from '../../simulator/index.js';

/** One promise of the client, on whatever server. */
export interface ClientCase {
  name: string;
  scenario?: Scenario | string;
  knobs?: Partial<Knobs>;
  test: (bench: ClientBench) => Promise<void>;
}

export const CLIENT_SUITE: ClientCase[] = [...sensors, ...liveResponse, ...search, ...bans];
