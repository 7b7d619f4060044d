import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { generate } from 'selfsigned';
import { CbResponse } from '../../cb-response/index.js';
import type { CbResponseConfig } from '../../cb-response/index.js';

export const TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** What to answer: a status and a body (an object is sent as JSON), or a function that does as it likes. */
export type Answer =
  | { status?: number; body?: unknown; headers?: Record<string, string> }
  | ((res: ServerResponse, asked: Asked) => void);

export interface Loopback {
  url: string;
  port: number;
  /** Every request, in order. */
  asked: Asked[];
  /** `GET /api/info` and so on, the query left out. */
  calls(): string[];
  client(config?: Partial<CbResponseConfig>): CbResponse;
}

/** A real server that answers by the given function; server and clients end with the test. */
export async function loopback(
  t: TestContext,
  answer: (asked: Asked, nth: number) => Answer,
  tls?: { key: string; cert: string },
): Promise<Loopback> {
  const asked: Asked[] = [];
  const listener: RequestListener = (req, res) => {
    void readBody(req).then((body) => {
      const url = new URL(req.url ?? '/', 'http://loopback');
      const one = {
        method: req.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: req.headers,
        body,
      };
      asked.push(one);
      reply(res, answer(one, asked.length), one);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const port = await listen(t, server);
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  return {
    url,
    port,
    asked,
    calls: () => asked.map(({ method, path }) => `${method} ${path}`),
    client: (config = {}) => {
      const client = new CbResponse({ url, token: TOKEN, ...config });
      t.after(() => client.close());
      return client;
    },
  };
}

/** Listens on a free port of loopback until the test ends. */
export async function listen(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

export interface Certificate {
  key: string;
  cert: string;
}

/** A certificate of its own authority, for `127.0.0.1` unless `name` says otherwise. */
export async function certificate(name?: string): Promise<Certificate> {
  const altNames =
    name === undefined ? [{ type: 7 as const, ip: '127.0.0.1' }] : [{ type: 2 as const, value: name }];
  const pem = await generate([{ name: 'commonName', value: name ?? '127.0.0.1' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  return { key: pem.private, cert: pem.cert };
}

function reply(res: ServerResponse, answer: Answer, asked: Asked): void {
  if (typeof answer === 'function') return answer(res, asked);
  const { status = 200, body, headers = {} } = answer;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  res.writeHead(status, headers);
  res.end(text);
}

async function readBody(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
