import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP line between two processes that can be cut or go silent, on loopback. */
export interface Line {
  address: string;
  port: number;
  /** Connections that were made through it. */
  readonly made: number;
  /** Connections are destroyed, and new ones too, as soon as they are made. */
  cut(): void;
  /** Nothing passes any more, and nobody is told: what is sent waits, new connections are made and get no answer. */
  silence(): void;
  /** What waits goes on its way; new connections pass. */
  mend(): void;
  close(): Promise<void>;
}

/** A line to `target` (`host:port`). */
export async function lineTo(target: string): Promise<Line> {
  const { hostname, port } = new URL(`tcp://${target}`);
  const ends = new Set<Socket>();
  let state: 'whole' | 'cut' | 'silent' = 'whole';
  let made = 0;

  const join = (from: Socket, to: Socket): void => {
    ends.add(from);
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (state === 'whole') from.resume();
    });
    from.on('error', () => undefined);
    from.on('end', () => to.end());
    from.on('close', () => {
      ends.delete(from);
      to.destroy();
    });
    if (state === 'silent') from.pause();
  };
  const server = createServer({ allowHalfOpen: true }, (caller) => {
    if (state === 'cut') return void caller.resetAndDestroy();
    made += 1;
    const called = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    join(caller, called);
    join(called, caller);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = (server.address() as AddressInfo).port;

  return {
    address: `127.0.0.1:${own}`,
    port: own,
    get made() {
      return made;
    },
    cut() {
      state = 'cut';
      for (const end of [...ends]) end.resetAndDestroy();
    },
    silence() {
      state = 'silent';
      for (const end of ends) end.pause();
    },
    mend() {
      state = 'whole';
      for (const end of ends) end.resume();
    },
    async close() {
      for (const end of [...ends]) end.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
