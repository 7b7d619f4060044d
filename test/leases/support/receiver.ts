import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventKind, PlaybookEvent } from '../../../contract/index.js';

/** A receiver of notifications on loopback; it keeps what it was sent. */
export interface Receiver {
  url: string;
  /** The secret part of the URL: for many chat tools it is the key to a channel. */
  secret: string;
  bodies: string[];
  /** Status it answers with from now on; `cut` breaks the connection. */
  answer: number | 'cut';
  requests: number;
  events(kind?: EventKind): PlaybookEvent[];
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const secret = 'T0P-S3CRET-HOOK';
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    receiver.requests += 1;
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      if (receiver.answer === 'cut') return void request.socket.destroy();
      if (receiver.answer === 200) bodies.push(body);
      response.writeHead(receiver.answer).end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/${secret}`,
    secret,
    bodies,
    answer: 200,
    requests: 0,
    events: (kind) =>
      bodies.map((b) => JSON.parse(b) as PlaybookEvent).filter((e) => kind === undefined || e.kind === kind),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
