import { BadInputError } from '../bad-input.js';
import { durationOf, wholeNumberOf } from '../duration.js';

export interface SimulatorFlags {
  scenario: string;
  port: string;
  tls?: true;
  token?: string;
  checkIn?: string;
  profile?: '5.2' | '6.2' | '7.5';
}

const LONGEST_CHECK_IN_MS = 86_400_000;

/** `cb-playbook simulator`: serves until SIGTERM or SIGINT. */
export async function simulator(flags: SimulatorFlags): Promise<number> {
  const port = wholeNumberOf('--port', flags.port, 0, 65_535);
  const checkinSeconds =
    flags.checkIn === undefined
      ? undefined
      : durationOf('--check-in', flags.checkIn, LONGEST_CHECK_IN_MS) / 1_000;
  if (flags.token !== undefined && !/^[\x21-\x7e]{1,200}$/.test(flags.token)) {
    throw new BadInputError(
      '--token is empty, or has blanks or other characters that no token has.',
      'Printable ASCII without blanks, e.g. 40 hex digits.',
      'Give another --token, or leave it out; nothing was started.',
    );
  }
  const { runSimulatorProcess, ScenarioError } = await import('../../simulator/index.js');
  try {
    await runSimulatorProcess({
      scenario: flags.scenario,
      port,
      tls: flags.tls,
      token: flags.token,
      checkinSeconds,
      profile: flags.profile,
      log: (line) => void process.stderr.write(`${line}\n`),
    });
    return 0;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof ScenarioError) {
      throw new BadInputError(
        message,
        'A shipped scenario, or a scenario file.',
        'docs/simulator.md lists both.',
      );
    }
    if (code === 'EADDRINUSE' || code === 'EACCES') {
      throw new BadInputError(
        `The port ${port} cannot be had (${code}).`,
        'A free port; 0 takes one.',
        'Give another --port, or leave it out.',
      );
    }
    throw error;
  }
}
