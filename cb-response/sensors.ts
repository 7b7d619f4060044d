import { check } from './check.js';
import { isCbError } from './errors.js';
import type { CbError } from './errors.js';
import { findExactlyOne } from './find-sensor.js';
import { sensorListSchema, sensorPageSchema, sensorSchema } from './sensor-schema.js';
import type { Call, Transport } from './transport.js';
import type { CallOptions, Sensor, SensorMatch, SensorTarget } from './types.js';

export interface SensorFilter {
  /** Substring of the computer name, by some accounts case-sensitive. */
  hostname?: string;
  /** Substring of an address. When both are given the server uses this one only. */
  ip?: string;
}

const PAGE = 100;
const ISOLATE = 'Isolate sensors';

/** API reference 3. */
export class Sensors {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The rows the server's substring filter gives, unjudged: never take the first one for the host you meant. */
  async search(filter: SensorFilter, o: CallOptions = {}): Promise<Sensor[]> {
    const query = { ...filter };
    try {
      return await this.#unpaged(query, o);
    } catch (e) {
      if (!isCbError(e)) throw e;
      if (isUnpagedLimit(e)) return this.#pages(query, Infinity, o);
      if (e.status !== 500) throw e;
      return this.#afterServerError(e, query, o);
    }
  }

  /** Exactly one live sensor of this name or id, or why not. The common case costs one request. */
  findExactlyOne(target: SensorTarget, o: CallOptions = {}): Promise<SensorMatch> {
    return findExactlyOne(this, target, o);
  }

  /** Null: no such sensor. */
  async get(id: number, o: CallOptions = {}): Promise<Sensor | null> {
    const call: Call = { method: 'GET', path: `/api/v1/sensor/${id}`, accept: [404], ...o };
    const reply = await this.#transport.call(call);
    return reply.status === 404 || reply.status === 204 ? null : check(sensorSchema, reply.json(), call);
  }

  /**
   * Writes the wish; the sensor learns of it at its next check-in. The two keys are the only body that every version
   * takes (API reference 3.7).
   */
  async setIsolation(
    sensor: { id: number; groupId: number },
    wanted: boolean,
    o: CallOptions = {},
  ): Promise<void> {
    await this.#transport.call({
      method: 'PUT',
      path: `/api/v1/sensor/${sensor.id}`,
      body: { network_isolation_enabled: wanted, group_id: sensor.groupId },
      right: ISOLATE,
      ...o,
    });
  }

  /** Up to `limit` sensors of all the token may see, by name. Empty: none, or too few rights. */
  async some(limit: number, o: CallOptions = {}): Promise<Sensor[]> {
    try {
      return await this.#pages({}, limit, o);
    } catch (e) {
      // Servers before 5.2 know no pages.
      if (isCbError(e, 'not-found')) return (await this.#unpaged({}, o)).slice(0, limit);
      throw e;
    }
  }

  /** How many sensors the token may see, those of hosts long gone too. */
  async count(o: CallOptions = {}): Promise<number> {
    try {
      return (await this.#page({}, 0, 0, o)).total_results;
    } catch (e) {
      if (!isCbError(e, 'not-found')) throw e;
      // Servers before 5.2 know no pages.
      return (await this.#unpaged({}, o)).length;
    }
  }

  async #unpaged(query: Record<string, string>, o: CallOptions): Promise<Sensor[]> {
    const call: Call = { method: 'GET', path: '/api/v1/sensor', query, ...o };
    return check(sensorListSchema, (await this.#transport.call(call)).json(), call);
  }

  /** Sorted by name: the default order moves while one reads, and rows are lost or doubled (API reference 3.2). */
  async #pages(filter: Record<string, string>, limit: number, o: CallOptions): Promise<Sensor[]> {
    const found = new Map<number, Sensor>();
    for (let start = 0; ;) {
      const page = await this.#page(filter, start, PAGE, o);
      for (const sensor of page.results) found.set(sensor.id, sensor);
      start += page.results.length;
      if (page.results.length === 0 || start >= page.total_results || found.size >= limit) break;
    }
    return [...found.values()];
  }

  async #page(filter: Record<string, string>, start: number, rows: number, o: CallOptions) {
    const query = { ...filter, start, rows, 'sort.col': 'computer_name', 'sort.dir': 'asc' };
    const call: Call = { method: 'GET', path: '/api/v2/sensor', query, ...o };
    return check(sensorPageSchema, (await this.#transport.call(call)).json() ?? { total_results: 0 }, call);
  }

  /**
   * Some 6.1 builds answer 500 for "none" (API reference 3.1). Believed only when the paged route says the same, or
   * fails for this filter alone.
   */
  async #afterServerError(error: CbError, filter: Record<string, string>, o: CallOptions): Promise<Sensor[]> {
    try {
      return await this.#pages(filter, Infinity, o);
    } catch (e) {
      if (!isCbError(e, 'unavailable')) throw isCbError(e) ? error : e;
    }
    try {
      await this.#page({}, 0, 0, o);
      return [];
    } catch (e) {
      throw isCbError(e) ? error : e;
    }
  }
}

/** `Unpaged request has N results, exceeds limit of 1000.`, its status is not known (API reference 3.1). */
function isUnpagedLimit(e: CbError): boolean {
  return /unpaged request|exceeds limit/i.test(e.serverText ?? '');
}
