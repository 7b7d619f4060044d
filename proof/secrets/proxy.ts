import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  port: number;
  /** Tunnels asked for with the right password, and with another. */
  accepted: number;
  refused: number;
  close(): void;
}

/** A proxy that wants a password, and repeats what it was told where it is another one. */
export async function startProxy(user: string, password: string): Promise<Proxy> {
  const right = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const sockets = new Set<Socket>();
  const server = createServer();
  const proxy: Proxy = {
    port: 0,
    accepted: 0,
    refused: 0,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  server.on('connect', (req, client: Socket) => {
    sockets.add(client);
    client.on('error', () => undefined);
    const told = req.headers['proxy-authorization'] ?? '';
    if (told !== right) {
      proxy.refused += 1;
      const page = `<title>denied: Proxy-Authorization: ${told} (${Buffer.from(told.slice(6), 'base64').toString()})</title>`;
      client.end(
        `HTTP/1.1 407 Denied\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(page)}\r\n\r\n${page}`,
      );
      return;
    }
    proxy.accepted += 1;
    const [host, port] = (req.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}
