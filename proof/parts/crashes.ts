import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../test/support/worker-process.js';
import { type PartResult, type ProofOptions, type ProofPart, replayCommand } from '../part.js';

const NAME = 'crashes';
const FOLDER = 'proof/crashes';
const ENDING = '.test.ts';
/** Of the end of a failed run, what a violation tells. */
const TOLD_CHARS = 6_000;

/** Tests like those of `npm test`, but for what only a crash or a lost answer shows: `--only FILE` runs one file of them. */
export const crashes: ProofPart = {
  name: NAME,
  about:
    'workers that are killed, frozen or handed over, and answers that are lost, in the midst of something',
  inCi: true,
  run,
};

async function run(o: ProofOptions): Promise<PartResult> {
  const files = readdirSync(join(projectRoot, FOLDER)).filter((name) => name.endsWith(ENDING));
  const chosen = files.filter((name) => o.only === null || name === `${o.only}${ENDING}`);
  if (chosen.length === 0) throw new Error(`There is no file ${o.only}${ENDING} in ${FOLDER}.`);
  const { said, code } = await runTests(chosen);
  const [tried, held] = ['tests', 'pass'].map((word) =>
    Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(said)?.[1] ?? 0),
  ) as [number, number];
  return {
    rows: [
      {
        attack:
          'Worker killed while a cancel is pending, or frozen, handed over, or asked before it has read a run; Temporal killed; answers lost; a lease or its host changed meanwhile; a self-test broken off',
        promise: 'an honest verdict, each effect once, no session left, nobody else’s work touched',
        tried,
        held: code === 0 ? held : Math.min(held, Math.max(0, tried - 1)),
        measured: '',
      },
    ],
    violations:
      code === 0
        ? []
        : [
            {
              what: said.slice(-TOLD_CHARS),
              replay: replayCommand(NAME, o, o.only ?? 'FILE of proof/crashes'),
            },
          ],
    data: { files: chosen, tried, held },
  };
}

async function runTests(files: readonly string[]): Promise<{ said: string; code: number | null }> {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  const child = spawn(process.execPath, ['scripts/test.mjs', `--folder=${FOLDER}`, ...files], {
    cwd: projectRoot,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): void => void child.kill('SIGTERM');
  process.once('exit', stop);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  process.off('exit', stop);
  return { said, code };
}
