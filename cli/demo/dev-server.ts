import { createServer } from 'node:net';
import { createPlaybookClient, type PlaybookClient } from '../../client/playbook-client.js';
import { type Child, startChild } from './children.js';
import type { DemoFiles } from './database.js';

export interface DevServer {
  child: Child;
  address: string;
  webUrl: string;
  /** Environment of everything that belongs to the demo: nothing of the person's own Temporal or Cb settings. */
  env: NodeJS.ProcessEnv;
  playbook: PlaybookClient;
}

const READY_MS = 30_000;

/** A Temporal dev server with its Web UI on free ports; resolves when it answers. */
export async function startDevServer(
  temporal: string,
  files: DemoFiles,
  onStart: (child: Child) => void,
): Promise<DevServer> {
  const [port, uiPort, httpPort] = (await freePorts(3)) as [number, number, number];
  const address = `127.0.0.1:${port}`;
  const webUrl = `http://127.0.0.1:${uiPort}`;
  const env = demoEnv(process.env, address, files.temporalConfig);
  const child = startChild(
    'Temporal dev server',
    temporal,
    [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
      ...['--ui-port', String(uiPort), '--http-port', String(httpPort), '--ui-disable-news-fetch'],
      ...['--db-filename', files.database, '--sqlite-pragma', 'journal_mode=WAL', '--log-level', 'error'],
      // Without these every step waits 50 ms, every short timer a second, and a retry comes up to a second late.
      ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=2000'],
      ...['--dynamic-config-value', 'history.timerProcessorMaxTimeShift="5ms"'],
      ...['--dynamic-config-value', 'history.timerProcessorMaxPollRPS=2000'],
    ],
    env,
  );
  onStart(child);
  const playbook = await Promise.race([untilItAnswers(env, webUrl), child.died]);
  return { child, address, webUrl, env, playbook };
}

async function untilItAnswers(env: NodeJS.ProcessEnv, webUrl: string): Promise<PlaybookClient> {
  const latest = Date.now() + READY_MS;
  for (;;) {
    try {
      const playbook = await createPlaybookClient({ env, webUrl, connectTimeoutMs: 2_000 });
      await playbook.check();
      return playbook;
    } catch (error) {
      if (Date.now() > latest) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function demoEnv(own: NodeJS.ProcessEnv, address: string, temporalConfig: string): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !/^(TEMPORAL_|CBAPI_|CB_)/.test(name));
  return {
    ...Object.fromEntries(kept),
    TEMPORAL_CONFIG_FILE: temporalConfig,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: 'default',
  };
}

/** Free ports of this moment, all different: they are held until the last one is found. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
