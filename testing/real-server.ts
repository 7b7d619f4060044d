import { TestWorkflowEnvironment } from '@temporalio/testing';
import { startDevServer, type DevServer, type DevServerOptions } from './dev-server.js';
import { assemble, type EnvironmentOptions, type PlaybookTestEnvironment } from './environment.js';
import { quietRuntime } from './quiet-runtime.js';
import { realClock } from './shared-clock.js';

export interface DevServerEnvironment extends PlaybookTestEnvironment {
  readonly server: DevServer;
}

/** A dev server that runs already, and goes on when the environment is closed; no two environments in one namespace. */
export interface RunningServer {
  server: DevServer;
  namespace: string;
}

/**
 * The same as the time-skipping environment on a real Temporal dev server and in real time: for crashes, for queues,
 * and for what the time-skipping server lacks. The simulator's sensors check in every second unless told otherwise.
 */
export async function createDevServerEnvironment(
  o: EnvironmentOptions & { devServer?: DevServerOptions; on?: RunningServer },
): Promise<DevServerEnvironment> {
  quietRuntime();
  const { devServer, on, ...rest } = o;
  const server = on?.server ?? (await startDevServer(devServer));
  const stop = async (): Promise<void> => (on === undefined ? await server.stop() : undefined);
  try {
    const temporal = await TestWorkflowEnvironment.createFromExistingServer({
      address: server.address,
      namespace: on?.namespace,
    });
    const env = await assemble(temporal, realClock(), { checkinSeconds: 1, ...rest });
    const close = async (): Promise<void> => {
      try {
        await env.close();
      } finally {
        await stop();
      }
    };
    return { ...env, server, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await stop();
    throw error;
  }
}
