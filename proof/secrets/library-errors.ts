import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { CbResponse, isCbError } from '../../cb-response/index.js';
import { ECHOES, echo, STATUSES } from './echoes.js';
import type { Look } from './look.js';

/** Every way in which an error is commonly printed. */
export function prints(value: unknown): string {
  const deep = inspect(value, { depth: 20, showHidden: true, getters: true });
  return [deep, JSON.stringify(value), String(value), value instanceof Error ? value.stack : ''].join('\n');
}

/** The client of the Cb server against one that repeats the token in every way, and against one that is none. */
export async function lookAtLibraryErrors(token: string, look: Look): Promise<void> {
  let answer = echo(500, 'text', token);
  const server = createServer((_, res) => {
    const { body } = answer;
    res.writeHead(answer.status, answer.headers);
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cb = new CbResponse({ url: `http://127.0.0.1:${port}`, token });
  const attempt = async (where: string, call: () => Promise<unknown>): Promise<void> => {
    const error = await call().then(
      () => null,
      (e: unknown) => e,
    );
    if (!isCbError(error)) throw new Error(`${where} did not end in an error of ours: ${String(error)}`);
    look.at('error', where, prints(error));
  };
  try {
    for (const status of STATUSES) {
      for (const how of Object.keys(ECHOES)) {
        answer = echo(status, how, token);
        await attempt(`${status}, ${how}`, () => cb.info());
      }
    }
    const closed = new CbResponse({ url: 'http://127.0.0.1:1', token });
    await attempt('no connection', () => closed.info());
    const tls = new CbResponse({ url: `https://127.0.0.1:${port}`, token });
    await attempt('no TLS', () => tls.info());
    for (const client of [cb, closed, tls]) look.at('error', 'the client itself', prints(client));
    closed.close();
    tls.close();
  } finally {
    cb.close();
    server.close();
    server.closeAllConnections();
  }
}
