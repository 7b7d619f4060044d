import { banListSchema, banSchema } from './ban-schema.js';
import { check } from './check.js';
import { requireBannableMd5, requireMd5 } from './md5.js';
import type { Call, Reply, Transport } from './transport.js';
import type { Ban, CallOptions } from './types.js';

const PATH = '/api/v1/banning/blacklist';
const RIGHT = 'Ban hashes';
/** Without a count the server gives the first 500 only (API reference 7). */
const COUNT = 10_000;

/** Bans are global: every sensor of every group whose switch is on. They kill running copies too (API reference 7). */
export class Bans {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A disabled ban is there as well: look at `enabled`. Null: no ban was ever made, or it was purged. */
  async get(md5: string, o: CallOptions = {}): Promise<Ban | null> {
    const call = this.#on(md5, 'GET', o);
    // Old servers say 409 for an unknown one.
    const reply = await this.#transport.call({ ...call, accept: [404, 409] });
    return [404, 409, 204].includes(reply.status) ? null : check(banSchema, reply.json(), call);
  }

  /** Disabled ones included. */
  async list(o: CallOptions = {}): Promise<Ban[]> {
    const call: Call = { method: 'GET', path: PATH, query: { count: COUNT }, ...o };
    return check(banListSchema, (await this.#transport.call(call)).json(), call);
  }

  /**
   * `exists`: there is one already, enabled or not: read it. Safe after a lost answer by the same rule. Refuses, before
   * anything is sent, what is no MD5, zeros, and the hash of the empty file.
   */
  async add(md5: string, text: string, o: CallOptions = {}): Promise<'added' | 'exists'> {
    const reply = await this.#post(requireBannableMd5(md5, { method: 'POST', path: PATH }), text, o);
    if (reply.status === 409 || /already exists/i.test(reply.text)) return 'exists';
    this.#requireSuccess(reply);
    return 'added';
  }

  /** Makes a disabled ban count again, with `ban.text`; one that is enabled is left alone. */
  async enable(ban: Ban, o: CallOptions = {}): Promise<void> {
    if (ban.enabled) return;
    const md5 = requireBannableMd5(ban.md5, { method: 'POST', path: PATH });
    await this.#post(md5, ban.text, o);
    const now = await this.get(md5, o);
    if (now?.enabled === true) return;
    const put = this.#on(md5, 'PUT', o);
    const body = { ...(now ?? ban).raw, enabled: true, text: ban.text };
    await this.#transport.call({ ...put, body });
  }

  /** The server keeps the row, disabled and without its text. */
  async disable(md5: string, o: CallOptions = {}): Promise<'disabled' | 'absent'> {
    const call = this.#on(md5, 'DELETE', o);
    const reply = await this.#transport.call({ ...call, accept: [404, 409] });
    if (reply.status === 404 || /does not exist|not found/i.test(reply.text)) return 'absent';
    if (reply.status === 409) throw reply.asError(RIGHT);
    this.#requireSuccess(reply);
    return 'disabled';
  }

  #on(md5: string, method: 'GET' | 'PUT' | 'DELETE', o: CallOptions): Call {
    const hash = requireMd5(md5, { method, path: PATH });
    return { method, path: `${PATH}/${hash}`, right: RIGHT, ...o };
  }

  #post(md5: string, text: string, o: CallOptions): Promise<Reply> {
    const body = { md5hash: md5, text };
    return this.#transport.call({ method: 'POST', path: PATH, body, accept: [409], right: RIGHT, ...o });
  }

  /** `{"result": "success"}`, or nothing to the contrary. */
  #requireSuccess(reply: Reply): void {
    const result = /"result"\s*:\s*"([^"]*)"/.exec(reply.text)?.[1];
    if (result !== undefined && result !== 'success') throw reply.asError(RIGHT);
  }
}
