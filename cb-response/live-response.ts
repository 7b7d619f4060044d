import type { Readable } from 'node:stream';
import { z } from 'zod';
import { check } from './check.js';
import { isCbError } from './errors.js';
import type { CbError } from './errors.js';
import { commandSchema, fileSchema, sessionSchema, uploadSchema } from './live-schema.js';
import {
  AMBIGUOUS_STATUSES,
  isLive,
  refusalBySessions,
  refusalByText,
  secondSession,
  tooManySessions,
} from './session-refusal.js';
import type { Call, Reply, Transport } from './transport.js';
import type { CallOptions, CommandBody, LiveCommand, LiveFile, LiveSession } from './types.js';

const ROOT = '/api/v1/cblr/session';
const RIGHT = 'Execute Live Response';
/** The server's front end cuts a held request at about 60 s (API reference 1). */
const WAIT_TIMEOUT_MS = 75_000;

/** API reference 4. A session belongs to the sensor, not to who opened it. */
export class LiveResponse {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Pending and active ones, and on older servers closed ones too. */
  async sessions(o: CallOptions = {}): Promise<LiveSession[]> {
    const call: Call = { method: 'GET', path: ROOT, query: { active_only: true }, right: RIGHT, ...o };
    return check(z.array(sessionSchema), (await this.#transport.call(call)).json() ?? [], call);
  }

  /**
   * Asks for a session. `checkinTimeoutS`: seconds it may stay pending. Throws `second-session` or `too-many-sessions` for
   * what the server says in a dozen ways: by its words, or else by the sessions that stand.
   */
  async open(
    sensorId: number,
    opts: { checkinTimeoutS?: number } = {},
    o: CallOptions = {},
  ): Promise<LiveSession> {
    const body = {
      sensor_id: sensorId,
      ...(opts.checkinTimeoutS === undefined ? {} : { checkin_timeout: Math.ceil(opts.checkinTimeoutS) }),
    };
    const call: Call = { method: 'POST', path: ROOT, body, right: RIGHT, ...o };
    try {
      return check(sessionSchema, (await this.#transport.call(call)).json(), call);
    } catch (e) {
      if (!isCbError(e) || e.status === null || !AMBIGUOUS_STATUSES.includes(e.status)) throw e;
      throw await this.#whyRefused(e, sensorId, o);
    }
  }

  /** Null: gone. A session that was closed may go on reading as it was (API reference 4.2). */
  async session(id: number, o: CallOptions = {}): Promise<LiveSession | null> {
    const call: Call = { method: 'GET', path: `${ROOT}/${id}`, accept: [404], right: RIGHT, ...o };
    const reply = await this.#transport.call(call);
    return isGone(reply) ? null : check(sessionSchema, reply.json(), call);
  }

  /** Only for an active session: on a pending one this closes it (API reference 4.3). */
  async keepalive(id: number, o: CallOptions = {}): Promise<'kept' | 'gone'> {
    const call: Call = { method: 'GET', path: `${ROOT}/${id}/keepalive`, accept: [404], right: RIGHT, ...o };
    const reply = await this.#transport.call(call);
    if (isGone(reply)) return 'gone';
    const session = sessionSchema.safeParse(reply.text.trim() === '' ? undefined : reply.json());
    return session.success && !isLive(session.data) ? 'gone' : 'kept';
  }

  /** Whoever uses the session loses it: close only your own. */
  async close(id: number, o: CallOptions = {}): Promise<'closed' | 'gone'> {
    const path = `${ROOT}/${id}`;
    const body = { id, status: 'close' };
    const reply = await this.#transport.call({
      method: 'PUT',
      path,
      body,
      accept: [404],
      right: RIGHT,
      ...o,
    });
    return isGone(reply) ? 'gone' : 'closed';
  }

  /** Throws `not-found` when the session is gone. */
  async postCommand(sessionId: number, body: CommandBody, o: CallOptions = {}): Promise<LiveCommand> {
    const call: Call = {
      method: 'POST',
      path: `${ROOT}/${sessionId}/command`,
      body: { session_id: sessionId, ...body },
      right: RIGHT,
      ...o,
    };
    return check(commandSchema, (await this.#transport.call(call)).json(), call);
  }

  /**
   * Null: session or command is gone. `wait`: the server holds the request until the command has ended, for a minute at
   * most; then the command comes as it stands.
   */
  async command(
    sessionId: number,
    id: number,
    opts: { wait?: boolean } = {},
    o: CallOptions = {},
  ): Promise<LiveCommand | null> {
    const call: Call = {
      method: 'GET',
      path: `${ROOT}/${sessionId}/command/${id}`,
      accept: [404],
      right: RIGHT,
      ...o,
    };
    const read = async (held: Partial<Call>): Promise<LiveCommand | null> => {
      const reply = await this.#transport.call({ ...call, ...held });
      return isGone(reply) ? null : check(commandSchema, reply.json(), call);
    };
    if (opts.wait !== true) return read({});
    try {
      return await read({ query: { wait: true }, timeoutMs: o.timeoutMs ?? WAIT_TIMEOUT_MS });
    } catch (e) {
      if (isCbError(e) && (e.status === 504 || e.code === 'ETIMEDOUT')) return read({});
      throw e;
    }
  }

  /** Every command of the session, whoever posted it. Throws `not-found` when the session is gone. */
  async commands(sessionId: number, o: CallOptions = {}): Promise<LiveCommand[]> {
    const call: Call = { method: 'GET', path: `${ROOT}/${sessionId}/command`, right: RIGHT, ...o };
    return check(z.array(commandSchema), (await this.#transport.call(call)).json() ?? [], call);
  }

  /** Takes back a command that is still pending; one that runs goes on. Null: session or command is gone. */
  async cancelCommand(sessionId: number, id: number, o: CallOptions = {}): Promise<LiveCommand | null> {
    const call: Call = {
      method: 'PUT',
      path: `${ROOT}/${sessionId}/command/${id}`,
      body: { id, status: 'cancel' },
      accept: [404],
      right: RIGHT,
      ...o,
    };
    const reply = await this.#transport.call(call);
    return isGone(reply) ? null : check(commandSchema, reply.json(), call);
  }

  /** How much of a file the server has. Null: gone. */
  async file(sessionId: number, fileId: number, o: CallOptions = {}): Promise<LiveFile | null> {
    const call: Call = {
      method: 'GET',
      path: filePath(sessionId, fileId),
      accept: [404],
      right: RIGHT,
      ...o,
    };
    const reply = await this.#transport.call(call);
    return isGone(reply) ? null : check(fileSchema, reply.json(), call);
  }

  /** The bytes as they come; breaks off with a CbError. */
  fileContent(sessionId: number, fileId: number, o: CallOptions = {}): Promise<Readable> {
    const path = `${filePath(sessionId, fileId)}/content`;
    return this.#transport.stream({ method: 'GET', path, right: RIGHT, ...o });
  }

  /**
   * Brings a file to the server's store of this session; its id is what {@link putFile} takes. Throws `not-found` when the
   * session is gone.
   */
  async uploadFile(
    sessionId: number,
    file: { name: string; content: Uint8Array },
    o: CallOptions = {},
  ): Promise<number> {
    const path = `${ROOT}/${sessionId}/file`;
    const call: Call = { method: 'POST', path, file: { part: 'file', ...file }, right: RIGHT, ...o };
    return check(uploadSchema, (await this.#transport.call(call)).json(), call).id;
  }

  /** Asks the sensor to write an uploaded file to `path`; one that is there already ends in an error, 0x80070050 on Windows. */
  putFile(sessionId: number, path: string, fileId: number, o: CallOptions = {}): Promise<LiveCommand> {
    return this.postCommand(sessionId, { name: 'put file', object: path, file_id: fileId }, o);
  }

  /** Asks the sensor to start a program, as SYSTEM or root. `wait`: the command ends when the program does. */
  createProcess(
    sessionId: number,
    commandLine: string,
    opts: { wait?: boolean } = {},
    o: CallOptions = {},
  ): Promise<LiveCommand> {
    const wait = opts.wait ?? false;
    return this.postCommand(sessionId, { name: 'create process', object: commandLine, wait }, o);
  }

  /** Asks the sensor to delete a file of the host. */
  deleteHostFile(sessionId: number, path: string, o: CallOptions = {}): Promise<LiveCommand> {
    return this.postCommand(sessionId, { name: 'delete file', object: path }, o);
  }

  /** Deletes the server's copy, not the file on the host. One that is gone is a success. */
  async deleteFile(sessionId: number, fileId: number, o: CallOptions = {}): Promise<void> {
    const call = { path: filePath(sessionId, fileId), right: RIGHT, ...o };
    const reply = await this.#transport.call({ ...call, method: 'DELETE', accept: [404, 405] });
    // A server without that route takes the mark instead (API reference 4.6).
    if (reply.status === 405) {
      await this.#transport.call({
        ...call,
        method: 'PUT',
        body: { id: fileId, delete: true },
        accept: [404],
      });
    }
  }

  async #whyRefused(error: CbError, sensorId: number, o: CallOptions): Promise<unknown> {
    const byText = refusalByText(error.serverText);
    if (byText === 'too-many-sessions') return tooManySessions(error);
    try {
      const bySessions = refusalBySessions(error, sensorId, await this.sessions(o));
      return bySessions ?? (byText === 'second-session' ? secondSession(error, null) : error);
    } catch (e) {
      if (!isCbError(e)) return e;
      return byText === 'second-session' ? secondSession(error, null) : error;
    }
  }
}

function filePath(sessionId: number, fileId: number): string {
  return `${ROOT}/${sessionId}/file/${fileId}`;
}

/** 404, or newer servers' JSON with `status: NOT_FOUND` (API reference 1). */
function isGone(reply: Reply): boolean {
  return reply.status === 404 || /"status"\s*:\s*"NOT_FOUND"/i.test(reply.text.slice(0, 1000));
}
