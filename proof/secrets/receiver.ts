import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Receiver {
  port: number;
  /** Bodies of what was posted, as they came. */
  bodies: string[];
  close(): void;
}

/** A receiver of notifications that repeats its own address, keys and all, in every second answer, and refuses that one. */
export async function startReceiver(): Promise<Receiver> {
  const bodies: string[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      bodies.push(body);
      res.statusCode = bodies.length % 2 === 0 ? 500 : 200;
      res.end(`no such hook: ${req.url}`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, bodies, close };
}
