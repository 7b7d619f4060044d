import { join } from 'node:path';
import type { CliCase, Family, Surroundings } from './cli-case.js';
import type { Draw } from './draw.js';
import { BAD_VARIABLES } from './environment.js';
import { badRequest } from './requests.js';
import { BAD_POLICIES, BAD_PROFILES, BAD_SCENARIOS } from './texts.js';
import { BAD_COMMANDS } from './verbs.js';
import { writeCase } from './write-file.js';

const GOOD_FLAGS = ['--hostname=win7pro64', '--process-name=vnc.exe'];

/** The nth of a table, its entries in turn. */
function nth<T>(table: Readonly<Record<string, T>>, n: number): [string, T] {
  const entries = Object.entries(table);
  return entries[n % entries.length] as [string, T];
}

function rightEnv(o: Surroundings): NodeJS.ProcessEnv {
  return { TEMPORAL_ADDRESS: o.temporalAddress, CBAPI_URL: o.cbUrl, CBAPI_TOKEN: o.secret };
}

/** With `--json` where the verb has it, by turns. */
function asked(draw: Draw, args: string[]): string[] {
  const hasJson = !['worker', 'simulator', 'demo'].includes(args[0] ?? '');
  return hasJson && args.length > 0 && draw.int(0, 1) === 1
    ? [args[0] as string, '--json', ...args.slice(1)]
    : args;
}

const requests: Family = {
  name: 'request',
  ways: 45,
  make(n, draw, around) {
    for (let turn = n; ; turn += 1) {
      const { what, request } = badRequest(turn, draw);
      const flags = flagsOf(request);
      const verb = draw.pick([['contain'], ['contain'], ['policy', 'explain']]);
      if (flags !== null)
        return { what, args: asked(draw, [...verb, ...flags]), env: rightEnv(around), tells: 'error' };
    }
  },
};

/** Fields that the command line has no flag for. */
const NO_FLAG = ['requestedBy', 'requestId', 'overrides', 'policy'];

/** The same as flags; `null` where there is no such command line. */
function flagsOf(request: unknown): string[] | null {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return null;
  const flags: string[] = [];
  for (const [field, value] of Object.entries(request)) {
    if (value === null || NO_FLAG.includes(field) || !/^[a-zA-Z0-9]{1,300}$/.test(field)) return null;
    const flag = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (field === 'isolate' || field === 'kill') {
      if (value !== false) return null;
      flags.push(`--no-${field}`);
    } else if (Array.isArray(value) && field === 'banMd5' && value.length < 50) {
      if (!value.every((entry) => typeof entry === 'string')) return null;
      flags.push(...value.map((entry: string) => `--ban-md5=${entry}`));
    } else if (typeof value === 'number' && field === 'sensorId') flags.push(`--${flag}=${value}`);
    else if (typeof value === 'string' && field !== 'sensorId' && field !== 'banMd5' && field !== 'dryRun')
      flags.push(`--${flag}=${value}`);
    else return null;
  }
  return flags;
}

const policies: Family = {
  name: 'policy',
  ways: Object.keys(BAD_POLICIES).length + 6,
  make(n, draw, around) {
    const [what, write] = nth(BAD_POLICIES, n);
    const file = writeCase(join(around.folder, 'policy.yaml'), write(draw));
    const args = draw.pick([
      ['policy', 'check', file],
      ['contain', ...GOOD_FLAGS, `--policy=${file}`],
      ['policy', 'explain', ...GOOD_FLAGS, `--policy=${file}`],
      ['worker', `--policy=${file}`],
    ]);
    return { what, args: asked(draw, args), env: rightEnv(around), tells: 'error' };
  },
};

const scenarios: Family = {
  name: 'scenario',
  ways: Object.keys(BAD_SCENARIOS).length * 2,
  make(n, draw, around) {
    const [what, write] = nth(BAD_SCENARIOS, n);
    const file = writeCase(join(around.folder, 'scenario.json'), write(draw));
    return { what, args: ['simulator', `--scenario=${file}`], env: rightEnv(around), tells: 'error' };
  },
};

const profiles: Family = {
  name: 'profile',
  ways: Object.keys(BAD_PROFILES).length + 4,
  make(n, draw, around) {
    const [what, write] = nth(BAD_PROFILES, n);
    const content = write(draw, around.secret);
    writeCase(join(around.folder, '.carbonblack', 'credentials.response'), content);
    const env = { TEMPORAL_ADDRESS: around.temporalAddress, HOME: around.folder };
    return { what, env, ...reader(draw, ['--profile=bad']) };
  },
};

const environments: Family = {
  name: 'environment',
  ways: Object.keys(BAD_VARIABLES).length + 12,
  make(n, draw, around) {
    const [what, variable] = nth(BAD_VARIABLES, n);
    const env = { ...rightEnv(around), ...variable.env(draw, around.secret) };
    const { reads, args } = variable;
    if (reads === 'worker' && (args !== undefined || what.startsWith('CB_PLAYBOOK_')))
      return { what, env, args: ['worker', ...(args ?? [])], tells: 'error' };
    if (reads === 'worker') return { what, env, ...reader(draw, []) };
    const client = draw.pick([['status', 'win7pro64'], ['leases'], ['contain', ...GOOD_FLAGS]]);
    return reads === 'client' && draw.int(0, 2) === 0
      ? { what, env, ...reader(draw, []) }
      : { what, env, args: asked(draw, client), tells: 'error' };
  },
};

/** A verb that reads the Cb server's configuration. */
function reader(draw: Draw, flags: string[]): Pick<CliCase, 'args' | 'tells'> {
  return draw.int(0, 2) === 0
    ? { args: asked(draw, ['doctor', ...flags]), tells: 'doctor' }
    : { args: ['worker', ...flags], tells: 'error' };
}

const commands: Family = {
  name: 'command',
  ways: Object.keys(BAD_COMMANDS).length,
  make(n, draw, around) {
    const [what, args] = nth(BAD_COMMANDS, n);
    return { what, args: asked(draw, args(draw)), env: rightEnv(around), tells: 'error' };
  },
};

export const FAMILIES: readonly Family[] = [requests, policies, scenarios, profiles, environments, commands];
