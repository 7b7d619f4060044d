import { startSimulator } from './server.js';
import type { SimulatorOptions } from './types.js';

export interface SimulatorProcessOptions extends Omit<SimulatorOptions, 'clock'> {
  /** Where the line that says it is ready goes; standard output by default. */
  print?: (line: string) => void;
}

/**
 * The simulator as a process: prints `{"url","token","ca"}` on one line when it is ready (`ca`: path of a PEM
 * file, or null) and serves until SIGTERM or SIGINT; then resolves.
 */
export async function runSimulatorProcess(options: SimulatorProcessOptions): Promise<void> {
  const { print = (line: string) => void process.stdout.write(`${line}\n`), ...rest } = options;
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  const simulator = await startSimulator(rest);
  print(JSON.stringify({ url: simulator.url, token: simulator.token, ca: simulator.caFile }));
  await stopped;
  await simulator.close();
}
