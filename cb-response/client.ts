import { inspect } from 'node:util';
import { makeAgent } from './agents.js';
import { Bans } from './bans.js';
import { Binaries } from './binaries.js';
import { check } from './check.js';
import { checkToken, checkUrl, hostAndPort } from './config-check.js';
import { CbConfigError } from './errors.js';
import { LiveResponse } from './live-response.js';
import { Processes } from './processes.js';
import { secretsOf } from './secrets.js';
import { Sensors } from './sensors.js';
import { groupAnswerSchema, infoSchema } from './server-schema.js';
import { Transport } from './transport.js';
import type { Call } from './transport.js';
import type { CallOptions, CbResponseConfig, SensorGroup, ServerInfo } from './types.js';

const TIMEOUT_MS = 15_000;

/**
 * One Carbon Black Response (EDR) server, 5.x to 7.x. Each call is one request unless it says otherwise, has a time-out,
 * is never retried, and fails with a CbError or with the reason of an aborted signal. The token shows nowhere.
 */
export class CbResponse {
  readonly serverName: string;
  readonly sensors: Sensors;
  readonly liveResponse: LiveResponse;
  readonly processes: Processes;
  readonly bans: Bans;
  readonly binaries: Binaries;
  readonly #transport: Transport;
  readonly #url: string;

  /** Throws CbConfigError; sends nothing. */
  constructor(config: CbResponseConfig) {
    this.#url = checkUrl(config.url, 'The url of the server');
    this.serverName = config.serverName?.trim() || hostAndPort(this.#url);
    this.#transport = new Transport({
      baseUrl: this.#url,
      token: checkToken(config.token, 'The API token'),
      timeoutMs: checkTimeout(config.timeoutMs ?? TIMEOUT_MS),
      agent: makeAgent({ ...config, url: this.#url }),
      secrets: secretsOf({ ...config, url: this.#url }),
    });
    this.sensors = new Sensors(this.#transport);
    this.liveResponse = new LiveResponse(this.#transport);
    this.processes = new Processes(this.#transport);
    this.bans = new Bans(this.#transport);
    this.binaries = new Binaries(this.#transport);
  }

  async info(o: CallOptions = {}): Promise<ServerInfo> {
    const call: Call = { method: 'GET', path: '/api/info', ...o };
    return check(infoSchema, (await this.#transport.call(call)).json(), call);
  }

  /** Null: no such group. Older servers know one route only: two requests there. */
  async group(id: number, o: CallOptions = {}): Promise<SensorGroup | null> {
    for (const route of ['/api/v3/group', '/api/group']) {
      const call: Call = { method: 'GET', path: `${route}/${id}`, accept: [404, 405], ...o };
      const reply = await this.#transport.call(call);
      if (reply.status === 404 || reply.status === 405) continue;
      return check(groupAnswerSchema, reply.json(), call).find((group) => group.id === id) ?? null;
    }
    return null;
  }

  /** Ends every connection; a call under way fails as an unknown outcome. */
  close(): void {
    this.#transport.close();
  }

  toJSON(): object {
    return { url: this.#url, serverName: this.serverName };
  }

  [inspect.custom](): string {
    return `CbResponse { url: '${this.#url}', serverName: '${this.serverName}' }`;
  }
}

function checkTimeout(ms: number): number {
  if (Number.isFinite(ms) && ms > 0) return ms;
  throw new CbConfigError(`timeoutMs is ${ms}. Expected milliseconds above 0; correct it.`);
}
