import { z } from 'zod';
import { check, numOrNull, rawObject, textOrNull } from './check.js';
import { requireMd5 } from './md5.js';
import { parseServerTime } from './times.js';
import type { Call, Transport } from './transport.js';
import type { BinarySummary, CallOptions } from './types.js';

const fields = z.object({
  signed: textOrNull,
  digsig_result: textOrNull,
  digsig_publisher: textOrNull,
  host_count: numOrNull,
  server_added_timestamp: textOrNull,
  observed_filename: z.union([z.array(z.string()), z.string().transform((name) => [name])]).nullish(),
});

/** What the server knows of a file (API reference 6). A new file may be unknown for a while. */
export class Binaries {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Null: unknown to the server. */
  async summary(md5: string, o: CallOptions = {}): Promise<BinarySummary | null> {
    const hash = requireMd5(md5, { method: 'GET', path: '/api/v1/binary' });
    const call: Call = { method: 'GET', path: `/api/v1/binary/${hash}/summary`, accept: [404], ...o };
    const reply = await this.#transport.call(call);
    if (reply.status === 404 || reply.status === 204) return null;
    const raw = check(rawObject, reply.json(), call);
    const row = check(fields, raw, call);
    return {
      md5: hash,
      // A word, not a boolean: `Signed`, `Unsigned`, `Bad Signature`, …
      signed: row.signed ?? row.digsig_result,
      publisher: row.digsig_publisher,
      hostCount: row.host_count,
      firstSeen: parseServerTime(row.server_added_timestamp),
      names: row.observed_filename ?? [],
      raw,
    };
  }

  /** On how many hosts the file was ever seen, not where it runs. Null: the server does not say. */
  async hostCount(md5: string, o: CallOptions = {}): Promise<number | null> {
    const path = '/api/v1/process/host/count';
    const hash = requireMd5(md5, { method: 'GET', path });
    const call: Call = {
      method: 'GET',
      path,
      query: { 'cb.freqver': 1, name: 'md5', md5: hash },
      accept: [404],
      ...o,
    };
    const reply = await this.#transport.call(call);
    if (reply.status === 404 || reply.status === 204) return null;
    return check(z.object({ hostCount: numOrNull }), reply.json(), call).hostCount;
  }
}
