import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../test/support/worker-process.js';
import {
  type PartResult,
  type ProofOptions,
  type ProofPart,
  replayCommand,
  type Violation,
} from '../part.js';

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
  const { said, report, code } = await runTests(chosen);
  const { tests, files: ended } = testsIn(report);
  const tried = tests.size;
  const passed = [...tests.values()].filter((good) => good).length;
  // What stood still is run again, and counts as it went then: with exit code 0 there is nothing that did not hold.
  const held = code === 0 ? tried : Math.min(passed, Math.max(0, tried - 1));
  return {
    rows: [
      {
        attack:
          'Worker killed while a cancel is pending, or frozen, handed over, or asked before it has read a run; Temporal killed; answers lost; a lease or its host changed meanwhile; a self-test broken off',
        promise: 'an honest verdict, each effect once, no session left, nobody else’s work touched',
        tried,
        held,
        measured: '',
      },
    ],
    violations: code === 0 ? [] : violationsOf(o, { said, tests, failed: failedOf(chosen, ended) }),
    data: { files: chosen, tried, held },
  };
}

/** Those that did not end well; none where not even one began: no file stands for that. */
function failedOf(chosen: readonly string[], ended: ReadonlyMap<string, boolean>): string[] {
  return ended.size === 0 ? [] : chosen.filter((name) => ended.get(`${FOLDER}/${name}`) !== true);
}

/** One for each failed file, with the end of what was said at the last; one for the whole where no file has failed. */
function violationsOf(
  o: ProofOptions,
  { said, tests, failed }: { said: string; tests: ReadonlyMap<string, boolean>; failed: readonly string[] },
): Violation[] {
  const end = said.slice(-TOLD_CHARS);
  if (failed.length === 0) return [{ what: end, replay: `npm run proof -- --part ${NAME} --seed ${o.seed}` }];
  return failed.map((name, i) => {
    const bad = [...tests].flatMap(([test, good]) =>
      !good && test.startsWith(`${FOLDER}/${name} `) ? [test] : [],
    );
    const what = bad.length > 0 ? bad.join('; ') : `${FOLDER}/${name} did not come to its end`;
    return {
      what: i === failed.length - 1 ? `${what}\n${end}` : what,
      replay: replayCommand(NAME, o, name.slice(0, -ENDING.length)),
    };
  });
}

/**
 * What node's spec reporter said of one run, or of several one after the other: by its place
 * (`proof/crashes/frozen.test.ts › suite › test`) whether each test passed, and by its path whether each file did, the last time each.
 */
export function testsIn(said: string): { tests: Map<string, boolean>; files: Map<string, boolean> } {
  const tests = new Map<string, boolean>();
  const files = new Map<string, boolean>();
  const suites = new Set<string>();
  let place: string[] = [];
  for (const line of said.split('\n')) {
    const [, indent, mark, name] = /^( *)([▶✔✖]) (.+?)(?: \([\d.]+ms\))?(?: # .*)?$/u.exec(line) ?? [];
    if (indent === undefined || name === undefined) continue;
    const depth = indent.length / 2;
    place = [...place.slice(0, depth), name];
    const [file = ''] = place;
    // At the end the failed tests are told once more, without their files.
    if (!file.startsWith(`${FOLDER}/`)) continue;
    const key = place.join(' › ');
    if (mark === '▶') suites.add(key);
    // What is under way and never ends has failed.
    if (depth === 0) files.set(file, mark === '✔');
    else if (mark !== '▶' && !suites.has(key)) tests.set(key, mark === '✔');
  }
  return { tests, files };
}

/** `said`: all of it, in the order it came; `report`: stdout alone, whose lines nothing comes between. */
async function runTests(
  files: readonly string[],
): Promise<{ said: string; report: string; code: number | null }> {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  const child = spawn(process.execPath, ['scripts/test.mjs', `--folder=${FOLDER}`, ...files], {
    cwd: projectRoot,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): void => void child.kill('SIGTERM');
  process.once('exit', stop);
  let said = '';
  let report = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    report += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  process.off('exit', stop);
  return { said, report, code };
}
