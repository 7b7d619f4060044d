import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import type { Simulator } from '../../simulator/index.js';
import { cli } from '../../test/end-to-end/cli.js';
import type { Draw } from '../bad-input/draw.js';
import type { Canaries } from './canaries.js';
import { ECHOES, echo } from './echoes.js';
import type { Look } from './look.js';

const AT_ONCE = 2;

/** Everything that the command line prints, of what went well and of what did not, and of files that were named by mistake. */
export async function runCommands(o: {
  env: NodeJS.ProcessEnv;
  secrets: Canaries;
  simulator: Simulator;
  folder: string;
  odd: boolean;
  draw: Draw;
  look: Look;
}): Promise<void> {
  const { env, secrets, simulator, draw } = o;
  // What somebody names who meant another file: one that begins with their token.
  const credentials = join(o.folder, 'wrong-file');
  writeFileSync(
    credentials,
    `${secrets.token}\n[default]\ntoken = ${secrets.token}\nurl: {${secrets.token}\n`,
  );
  const profile = o.odd ? [] : ['--profile', 'canary'];
  const clear = ['contain', '--hostname', 'HOST-1', '--process-name', 'evil.exe'];
  const run = async (args: string[], more: NodeJS.ProcessEnv = {}): Promise<void> => {
    const ran = await cli(args, { ...env, ...more });
    o.look.at('command', args.slice(0, 3).join(' '), `${ran.stdout}\n${ran.stderr}`);
  };
  const after: (() => Promise<void>)[] = [
    () => run([...clear, '--json']),
    () => run(clear),
    () => run(['status', 'HOST-2', '--json']),
    () => run(['receipt', 'HOST-1', '--json']),
    () => run(['receipt', 'HOST-2']),
    () => run(['leases', '--json']),
    () => run(['leases', '--reconcile', '--json']),
    () => run(['undo', 'HOST-3', '--yes', '--json']),
    async () => {
      await run(['isolate', 'HOST-4', '--reason', 'proof', '--json']);
      await run(['release', 'HOST-4', '--reason', 'proof', '--all-holds']);
    },
    () => run(['pause', '--show', '--json']),
    () => run(['doctor', ...profile]),
    () => run(['doctor', '--json', ...profile]),
    () => run(['worker', '--policy', credentials, ...profile]),
    () => run(['worker', '--bundle', credentials, ...profile]),
    () => run(['policy', 'check', credentials, '--json']),
    () => run(['contain', '--policy', credentials, '--hostname', 'a', '--process-name', 'b']),
    () => run(['simulator', '--scenario', credentials]),
    () => run(['status', 'a', '--json'], { TEMPORAL_CONFIG_FILE: credentials }),
    () => run(['worker', ...profile], { TEMPORAL_CONFIG_FILE: credentials }),
    () =>
      run(['doctor'], {
        CBAPI_URL: 'https://127.0.0.1:1',
        CBAPI_TOKEN: secrets.token,
        CBAPI_SSL_CERT_FILE: credentials,
      }),
    // A value that went into the variable beside the right one.
    () => run(['worker', ...profile], { CBAPI_TOKEN: secrets.token, CB_PLAYBOOK_LOG_LEVEL: secrets.token }),
    ...(o.odd
      ? []
      : [() => run(['worker', '--profile', 'wrong']), () => run(['doctor', '--profile', 'wrong', '--json'])]),
  ];
  await aFewAtOnce(after);

  // One at a time: what a fault strikes must be this command's request.
  for (const how of Object.keys(ECHOES)) {
    const status = draw.pick([400, 401, 403, 302, 500]);
    const fault = simulator.faults.add({ route: 'GET /api/info', kind: echo(status, how, secrets.token) });
    const json = draw.int(0, 1) === 1 ? ['--json'] : [];
    await run(
      status === 500
        ? ['doctor', ...json, ...profile]
        : draw.pick([
            ['doctor', ...json, ...profile],
            ['worker', ...profile],
          ]),
    );
    fault.remove();
  }
}

async function aFewAtOnce(tasks: (() => Promise<void>)[]): Promise<void> {
  const worker = async (): Promise<void> => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) await task();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
