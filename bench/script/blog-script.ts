import { setTimeout as sleep } from 'node:timers/promises';
import { PlainHttp } from './plain-http.js';

interface Sensor {
  id: number;
  group_id: number;
}
interface LiveObject {
  id: number;
  status: string;
}
interface ProcessList extends LiveObject {
  processes: { pid: number; path: string }[];
}

/** Polls of the vendor's client: a session every second, a command every half, a kill every tenth (API reference 4.9). */
const SESSION_POLL_MS = 1_000;
const COMMAND_POLL_MS = 500;
const KILL_POLL_MS = 100;

/**
 * What `cblr-basic.py` (the script behind the blog post) sends through cbapi 2.0.0, request for request and pause for
 * pause, from its first request to its last kill (API reference 12 and 13). Two things differ, both in its favour: Python's
 * start and its slower client are left out, and the wish has the two keys that servers from 7.1 on accept.
 */
export async function killAsTheScript(
  server: { url: string; token: string },
  host: { hostname: string; processName: string },
): Promise<{ sessionId: number }> {
  const http = new PlainHttp(server.url, server.token);
  await http.get('/api/info');
  const [sensor] = await http.get<Sensor[]>(`/api/v1/sensor?hostname=${host.hostname}`);
  if (sensor === undefined) throw new Error(`The script found no host ${host.hostname}.`);
  const { id, group_id } = sensor;
  await http.send('PUT', `/api/v1/sensor/${id}`, { network_isolation_enabled: true, group_id });
  await http.get(`/api/v1/sensor/${id}`);
  const sessionId = await openSession(http, id);
  const commands = `/api/v1/cblr/session/${sessionId}/command`;
  const post = (name: string, object?: number): Promise<LiveObject> =>
    http.send('POST', commands, { session_id: sessionId, name, object });
  const list = await post('process list');
  const { processes } = await untilStatus<ProcessList>(
    http,
    `${commands}/${list.id}`,
    'complete',
    COMMAND_POLL_MS,
  );
  for (const process of processes.filter(({ path }) => path.includes(host.processName))) {
    const kill = await post('kill', process.pid);
    await untilStatus(http, `${commands}/${kill.id}`, 'complete', KILL_POLL_MS);
  }
  return { sessionId };
}

async function openSession(http: PlainHttp, sensorId: number): Promise<number> {
  await http.get('/api/v1/cblr/session?active_only=true');
  const { id } = await http.send<LiveObject>('POST', '/api/v1/cblr/session', { sensor_id: sensorId });
  await untilStatus(http, `/api/v1/cblr/session/${id}`, 'active', SESSION_POLL_MS);
  return id;
}

async function untilStatus<T extends LiveObject>(
  http: PlainHttp,
  path: string,
  wanted: string,
  pauseMs: number,
): Promise<T> {
  for (;;) {
    const seen = await http.get<T>(path);
    if (seen.status === wanted) return seen;
    if (seen.status === 'error') throw new Error(`${path} ended with an error.`);
    await sleep(pauseMs);
  }
}

/** The rest of the script: every MD5 that the index knows under that name, on any host, is banned. */
export async function banAsTheScript(
  server: { url: string; token: string },
  processName: string,
): Promise<string[]> {
  const http = new PlainHttp(server.url, server.token);
  const query = encodeURIComponent(`process_name:${processName}`);
  const { results } = await http.get<{ results: { process_md5: string }[] }>(
    `/api/v1/process?cb.urlver=1&q=${query}&start=0&rows=100`,
  );
  const md5s = [...new Set(results.map((row) => row.process_md5))];
  for (const md5hash of md5s)
    await http.send('POST', '/api/v1/banning/blacklist', { md5hash, text: 'auto-blacklist', enabled: true });
  return md5s;
}
