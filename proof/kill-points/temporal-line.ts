import { once } from 'node:events';
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { messageOf } from './grpc-message.js';

/** One call of a worker to Temporal. */
export interface Call {
  /** `RespondWorkflowTaskCompleted` and the like. */
  method: string;
  request: Buffer;
  /** Empty before it was answered, and of an answer that is an error. */
  response: Buffer;
}

/** Asked at each call, before it reaches Temporal and before its answer reaches the worker; `lose`: it gets no further. */
export type Gate = (phase: 'before' | 'after', call: Call) => Promise<'go' | 'lose'>;

interface Answer {
  headers: IncomingHttpHeaders;
  body: Buffer;
  trailers: IncomingHttpHeaders | null;
}

/**
 * The line between workers and a Temporal server (HTTP/2 without TLS, calls with one message each way, as all calls of a
 * worker are), with somebody on it who can stop any single call on its way there or back. A call that was stopped on its way
 * there still arrives when it is let go after its worker's death, as bytes that were sent already would.
 */
export class TemporalLine {
  private readonly server = createServer();
  private upstream: ClientHttp2Session | null = null;

  private constructor(
    private readonly to: string,
    private readonly gate: Gate,
  ) {
    this.server.on('stream', (stream, headers) => void this.serve(stream, headers));
    // A killed worker's connection ends in the midst of everything.
    this.server.on('session', (session) => session.on('error', () => undefined));
  }

  /** @param to host and port of the Temporal server */
  static async open(to: string, gate: Gate): Promise<TemporalLine> {
    const line = new TemporalLine(to, gate);
    line.server.listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    return line;
  }

  /** What a worker is given as the server's address. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.upstream?.destroy();
  }

  private async serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    stream.on('error', () => undefined);
    try {
      const body = await wholeOf(stream);
      const call: Call = {
        method: String(headers[':path']).split('/').at(-1) ?? '',
        request: messageOf(body, headers),
        response: Buffer.alloc(0),
      };
      if ((await this.gate('before', call)) === 'lose') return void stream.destroy();
      const answer = await this.forward(stream, call.method, headers, body);
      call.response = messageOf(answer.body, answer.headers);
      if ((await this.gate('after', call)) === 'lose') return void stream.destroy();
      reply(stream, answer);
    } catch {
      stream.destroy();
    }
  }

  private async forward(
    from: ServerHttp2Stream,
    method: string,
    headers: IncomingHttpHeaders,
    body: Buffer,
  ): Promise<Answer> {
    const stream = this.session().request({ ...headers, ':authority': this.to });
    stream.on('error', () => undefined);
    // Nobody waits for this task any more: it is not to be handed out.
    if (method.startsWith('Poll')) from.on('close', () => stream.close());
    stream.end(body);
    return await answerOf(stream);
  }

  private session(): ClientHttp2Session {
    if (this.upstream !== null && !this.upstream.closed && !this.upstream.destroyed) return this.upstream;
    const session = connect(`http://${this.to}`);
    session.on('error', () => undefined);
    // The server bids connections farewell by their age: what runs on this one ends, the next call takes another.
    session.on('goaway', () => {
      if (this.upstream === session) this.upstream = null;
      session.close();
    });
    this.upstream = session;
    return session;
  }
}

async function wholeOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let trailers: IncomingHttpHeaders | null = null;
  stream.on('trailers', (found: IncomingHttpHeaders) => (trailers = found));
  const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
    stream.once('response', resolve);
    stream.once('close', () => reject(new Error('No answer came.')));
  });
  const body = await wholeOf(stream);
  return { headers, body, trailers };
}

function reply(stream: ServerHttp2Stream, { headers, body, trailers }: Answer): void {
  if (stream.destroyed || stream.closed) return;
  if (trailers === null) return stream.respond(headers, { endStream: true });
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}
