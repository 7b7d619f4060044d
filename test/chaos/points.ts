import type { RequestMatch } from '../../simulator/index.js';
import type { Host } from './fleet.js';

const COMMAND = 'POST /api/v1/cblr/session/:id/command';

/** The requests of one containment that change something, and the list, each told apart from every other host's. */
export const requestTo = {
  isolate: (host: Host): RequestMatch => ({ route: `PUT /api/v1/sensor/${host.sensorId}` }),
  open: (host: Host): RequestMatch => ({
    route: 'POST /api/v1/cblr/session',
    bodyIncludes: { sensor_id: host.sensorId },
  }),
  killTheFirst: (host: Host): RequestMatch => kill(host.pids[0]),
  killTheSecond: (host: Host): RequestMatch => kill(host.pids[1]),
  ban: (host: Host): RequestMatch => ({
    route: 'POST /api/v1/banning/blacklist',
    bodyIncludes: { md5hash: host.md5 },
  }),
};

export const LIST: RequestMatch = { route: COMMAND, bodyIncludes: { name: 'process list' } };

function kill(pid: number): RequestMatch {
  return { route: COMMAND, bodyIncludes: { name: 'kill', object: pid } };
}
