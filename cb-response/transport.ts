import type { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import { axios } from './axios.js';
import type { AxiosInstance, AxiosResponse } from 'axios';
import { parseJson } from './body-text.js';
import { CbError } from './errors.js';
import { boundedStream } from './bounded-stream.js';
import { Deadline } from './deadline.js';
import { errorFromAnswer } from './http-error.js';
import type { HttpAnswer } from './http-error.js';
import { createExactScrub, createScrub, type Scrub } from './scrub.js';
import { errorFromNetwork, timeOutError } from './network-error.js';

const NOT_A_PORTAL =
  'Check that the url is that of a Carbon Black Response server, not of a portal before it.';

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** `part`: name of the form's part. */
export interface UploadedFile {
  part: string;
  name: string;
  content: Uint8Array;
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with `/api/`; variable parts already encoded. */
  path: string;
  query?: Readonly<Record<string, string | number | boolean>>;
  body?: unknown;
  /** Instead of a body: one file as multipart/form-data. */
  file?: UploadedFile;
  /** Statuses beside 2xx that the caller reads itself. */
  accept?: readonly number[];
  /** The right the call needs, in the console's words: named when the server answers 403 or 405. */
  right?: string;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** An answer with a status the caller asked for. */
export class Reply {
  readonly #answer: HttpAnswer;

  constructor(answer: HttpAnswer) {
    this.#answer = answer;
  }

  get status(): number {
    return this.#answer.status;
  }

  get text(): string {
    return this.#answer.text;
  }

  /** The parsed body, undefined when it is empty. Throws `malformed` when it is no JSON. */
  json(): unknown {
    if (this.text.trim() === '') return undefined;
    const value = parseJson(this.text);
    if (value !== undefined) return value;
    const { method, path, status } = this.#answer;
    const what = 'the answer is not JSON';
    const remedy = NOT_A_PORTAL;
    throw new CbError({ kind: 'malformed', status, method, path, what, remedy, field: '' });
  }

  /** The error this answer would have been. */
  asError(right?: string): CbError {
    return errorFromAnswer(this.#answer, right);
  }
}

export interface TransportConfig {
  /** No trailing slash. */
  baseUrl: string;
  token: string;
  timeoutMs: number;
  agent: Agent;
  /** Strings that must not leave in an error or an answer: the token, and what else is secret. */
  secrets: readonly string[];
}

/** The one place that speaks HTTP: a time-out on every call, no retry, no redirect, no proxy unless the agent has one. */
export class Transport {
  readonly #http: AxiosInstance;
  readonly #config: TransportConfig;
  /** Of facts. */
  readonly #exact: Scrub;
  /** Of the words of an error. */
  readonly #scrub: Scrub;

  constructor(config: TransportConfig) {
    this.#config = config;
    this.#exact = createExactScrub(config.secrets);
    this.#scrub = createScrub(config.secrets);
    this.#http = axios.create({
      adapter: 'http',
      baseURL: config.baseUrl,
      httpAgent: config.agent,
      httpsAgent: config.agent,
      proxy: false,
      maxRedirects: 0,
      validateStatus: () => true,
      // Bytes in, bytes out: axios would otherwise guess at JSON, by content and not by type.
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      headers: { 'X-Auth-Token': config.token, Accept: 'application/json, */*', 'Accept-Encoding': 'gzip' },
    });
  }

  /** Throws CbError, or the reason of an aborted signal. */
  async call(call: Call): Promise<Reply> {
    const deadline = this.#deadline(call);
    try {
      const response = await this.#send<Buffer>(call, deadline, 'arraybuffer', MAX_BODY_BYTES);
      return this.#judge(call, this.#answer(call, response, response.data));
    } finally {
      deadline.clear();
    }
  }

  /** A file's bytes as they come; the time-out then applies to every gap. It fails with CbError as well, also where text comes. */
  async stream(call: Call): Promise<Readable> {
    const deadline = this.#deadline(call);
    try {
      const response = await this.#send<Readable>(call, deadline, 'stream', -1);
      if (response.status === 200) {
        if (!isText(response.headers['content-type']))
          return boundedStream(response.data, call, this.#timeoutMs(call));
        response.data.destroy();
        throw notAFile(call);
      }
      const text = await collect(response.data);
      throw this.#judge({ ...call, accept: [response.status] }, this.#answer(call, response, text)).asError(
        call.right,
      );
    } catch (e) {
      if (e instanceof CbError) throw e;
      throw deadline.reason(e) ?? errorFromNetwork(e, call);
    } finally {
      deadline.clear();
    }
  }

  close(): void {
    this.#config.agent.destroy();
  }

  #timeoutMs(call: Call): number {
    return call.timeoutMs ?? this.#config.timeoutMs;
  }

  #deadline(call: Call): Deadline {
    call.signal?.throwIfAborted();
    const ms = this.#timeoutMs(call);
    return new Deadline(ms, () => timeOutError(call, ms), call.signal);
  }

  async #send<T>(call: Call, deadline: Deadline, responseType: 'arraybuffer' | 'stream', limit: number) {
    const sent = await bodyOf(call);
    try {
      return await this.#http.request<T>({
        method: call.method,
        url: call.path,
        params: call.query,
        ...(sent === null ? {} : { data: sent.data, headers: { 'Content-Type': sent.type } }),
        responseType,
        maxContentLength: limit,
        signal: deadline.signal,
      });
    } catch (e) {
      const reason = deadline.reason(e);
      if (reason !== undefined) throw reason;
      if (e instanceof axios.AxiosError && /maxContentLength/.test(e.message)) throw tooLong(call, limit);
      throw errorFromNetwork(e, call);
    }
  }

  #answer(call: Call, response: AxiosResponse, body: Buffer): HttpAnswer {
    const headers: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(response.headers))
      headers[name.toLowerCase()] = this.#exact(String(value));
    const { method, path } = call;
    return {
      method,
      path,
      status: response.status,
      headers,
      text: this.#exact(Buffer.from(body).toString('utf8')),
      scrub: this.#scrub,
    };
  }

  #judge(call: Call, answer: HttpAnswer): Reply {
    const success = answer.status >= 200 && answer.status < 300;
    if (success ? !hasErrorMessage(answer.text) : call.accept?.includes(answer.status))
      return new Reply(answer);
    throw errorFromAnswer(answer, call.right);
  }
}

/** Files come as `application/octet-stream` (API reference 4.6); text is a page or an answer of somebody in between. */
function isText(type: unknown): boolean {
  return /^(?:text\/|application\/(?:json|xhtml|xml)\b)/i.test(typeof type === 'string' ? type : '');
}

function notAFile({ method, path }: Call): CbError {
  const what = 'the answer is text, not the bytes of a file';
  const remedy = NOT_A_PORTAL;
  return new CbError({ kind: 'malformed', status: 200, method, path, what, remedy, field: '' });
}

async function bodyOf({ body, file }: Call): Promise<{ data: string | Buffer; type: string } | null> {
  if (file === undefined) {
    return body === undefined ? null : { data: JSON.stringify(body), type: 'application/json' };
  }
  const form = new FormData();
  form.append(file.part, new Blob([new Uint8Array(file.content)]), file.name);
  // Node's own way to write a form down; axios would stream it, without a length.
  const written = new Response(form);
  const data = Buffer.from(await written.arrayBuffer());
  return { data, type: written.headers.get('content-type') ?? 'multipart/form-data' };
}

/** A 200 may carry `{"errorMessage": "..."}` (API reference 1). */
function hasErrorMessage(text: string): boolean {
  if (!text.includes('"errorMessage"')) return false;
  const value = parseJson(text);
  const message = (value as { errorMessage?: unknown } | null | undefined)?.errorMessage;
  return typeof message === 'string' && message !== '';
}

function tooLong(call: Call, limit: number): CbError {
  return new CbError({
    kind: 'malformed',
    status: null,
    method: call.method,
    path: call.path,
    what: `the answer is longer than ${limit} bytes`,
    remedy: 'It was not read: ask for less.',
  });
}

async function collect(source: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > 64 * 1024) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
