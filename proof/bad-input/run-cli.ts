import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCli } from '../../test/end-to-end/cli.js';
import type { CliCase, Family, Surroundings } from './cli-case.js';
import { Draw } from './draw.js';
import { type Ended, objectionsTo } from './judge.js';

/** A command that lets bad input pass may serve for ever. */
const LONGEST_MS = 25_000;
const AT_ONCE = 3;

export interface Finding {
  /** `request-17`, for `--only`. */
  name: string;
  what: string;
  objections: string[];
  /** What it was asked and how it ended, for people. */
  seen: string;
}

/** Runs so many cases of each family, a few processes at a time. */
export async function runCliCases(
  families: readonly Family[],
  o: {
    seed: number;
    /** How many of a family; default: each of its ways once. */
    n: number | null;
    only: string | null;
    around: Omit<Surroundings, 'folder'>;
  },
): Promise<{ tried: number; findings: Finding[] }> {
  const names = families.flatMap((family) =>
    Array.from({ length: o.n ?? family.ways }, (_, n) => ({ family, n, name: `${family.name}-${n}` })),
  );
  const queue = names.filter(({ name }) => o.only === null || o.only === name);
  const tried = queue.length;
  const findings: Finding[] = [];
  const root = mkdtempSync(join(tmpdir(), 'cb-bad-input-'));
  try {
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { family, n, name } = next;
        const folder = join(root, name);
        mkdirSync(folder);
        const one = family.make(n, new Draw(o.seed, name), { ...o.around, folder });
        const finding = await runOne(name, one, o.around.secret, folder);
        rmSync(folder, { recursive: true, force: true });
        if (finding !== null) findings.push(finding);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return { tried, findings };
}

async function runOne(name: string, one: CliCase, secret: string, folder: string): Promise<Finding | null> {
  const child = startCli(one.args, { HOME: folder, XDG_CONFIG_HOME: folder, ...one.env });
  const limit = setTimeout(() => child.signal('SIGKILL'), LONGEST_MS);
  const { code } = await child.exited;
  clearTimeout(limit);
  const ended: Ended = { code, stdout: child.stdout, stderr: child.stderr };
  const objections = objectionsTo(ended, {
    json: one.args.includes('--json'),
    doctor: one.tells === 'doctor',
    secret,
  });
  return objections.length === 0
    ? null
    : {
        name,
        what: one.what,
        objections,
        seen: `${JSON.stringify(one.args).slice(0, 300)} → ${shown(ended)}`,
      };
}

function shown({ code, stdout, stderr }: Ended): string {
  return `${code}: ${`${stdout}${stderr}`.trim().slice(0, 600)}`;
}
