import type { NamedPolicy } from '../activities/index.js';
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { show } from '../contract/request-fields.js';
import { LOG_LEVELS, type PlaybookLogLevel } from './log.js';
import { describeFileMistake, readPolicyFile } from './policy-file.js';
import { WorkerStartError } from './start-error.js';

export interface WorkerProcessOptions {
  /** A section of `credentials.response`; not looked at when `CBAPI_URL` and `CBAPI_TOKEN` are set. */
  profile?: string;
  /** Path of a prebuilt workflow bundle. */
  bundle?: string;
  /** Live Response activities at once, 0 for none; default 8. */
  slots?: number;
  /** Folder for copies of binaries; default `CB_PLAYBOOK_EVIDENCE_DIR`, or none are kept. */
  evidenceDir?: string;
  /** Serve Prometheus metrics on this port. */
  metricsPort?: number;
  /** Path of a policy file; default: `CB_PLAYBOOK_POLICY`, else the built-in policy. */
  policy?: string;
  /** Default `process.env`. */
  env?: NodeJS.ProcessEnv;
}

export interface WorkerSettings {
  profile: string | undefined;
  bundle: string | undefined;
  slots: number | undefined;
  metrics: { host: string; port: number } | null;
  logLevel: PlaybookLogLevel;
  /** Where people are told, or `null`; the URL is a secret. */
  notify: { url: string; all: boolean } | null;
  /** `undefined`: the built-in policy. */
  policy: NamedPolicy | undefined;
  /** Folder for evidence, absolute, or `null`. */
  evidenceDir: string | null;
  env: NodeJS.ProcessEnv;
}

/** Above this a typing error is likelier than a wish: a server has ten sessions. */
const MOST_SLOTS = 100;

/** Checks what a person typed. Throws {@link WorkerStartError}. */
export function readSettings(o: WorkerProcessOptions): WorkerSettings {
  const env = o.env ?? process.env;
  if (o.slots !== undefined && !isWhole(o.slots, 0, MOST_SLOTS)) {
    throw wrong('--slots', o.slots, `A whole number from 0 (no Live Response here) to ${MOST_SLOTS}.`);
  }
  if (o.metricsPort !== undefined && !isWhole(o.metricsPort, 1, 65_535)) {
    throw wrong('--metrics-port', o.metricsPort, 'A port from 1 to 65535.');
  }
  const logLevel = (env['CB_PLAYBOOK_LOG_LEVEL'] || 'info').toLowerCase();
  if (!(LOG_LEVELS as readonly string[]).includes(logLevel)) {
    throw wrong('CB_PLAYBOOK_LOG_LEVEL', logLevel, `One of ${LOG_LEVELS.join(', ')}.`);
  }
  return {
    profile: o.profile,
    bundle: o.bundle,
    slots: o.slots,
    metrics: o.metricsPort === undefined ? null : { host: readMetricsHost(env), port: o.metricsPort },
    logLevel: logLevel as PlaybookLogLevel,
    notify: readNotify(env),
    policy: readPolicy(o.policy ?? env['CB_PLAYBOOK_POLICY']?.trim()),
    evidenceDir: readEvidenceDir(o.evidenceDir ?? env['CB_PLAYBOOK_EVIDENCE_DIR'] ?? ''),
    env,
  };
}

/** A worker without its policy would do what the company forbade: it does not start at all. */
function readPolicy(file: string | undefined): NamedPolicy | undefined {
  if (file === undefined || file === '') return undefined;
  const read = readPolicyFile(file);
  if (read.ok) return { policy: read.policy, name: file };
  throw new WorkerStartError({
    code: 'InvalidPolicy',
    message: ['The policy cannot be used:', ...read.mistakes.map(describeFileMistake)].join('\n  '),
    expected: 'A policy file without mistakes.',
    next: `Correct it; check it with cb-playbook policy check ${file}. Nothing was started.`,
  });
}

/** `CB_PLAYBOOK_NOTIFY_URL`, and `CB_PLAYBOOK_NOTIFY_CONTAINED=1` to be told of `contained` too. */
function readNotify(env: NodeJS.ProcessEnv): WorkerSettings['notify'] {
  const url = env['CB_PLAYBOOK_NOTIFY_URL']?.trim() ?? '';
  const all = readFlag(env, 'CB_PLAYBOOK_NOTIFY_CONTAINED');
  if (url === '') return null;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    // The value is not quoted: for many chat tools it is the key to a channel.
    throw new WorkerStartError({
      code: 'bad-setting',
      message: 'CB_PLAYBOOK_NOTIFY_URL is no http or https URL.',
      expected: 'The address of a receiver that takes JSON by POST, e.g. https://chat.example/hooks/….',
      next: 'Correct CB_PLAYBOOK_NOTIFY_URL, or leave it out to notify nobody.',
    });
  }
  return { url, all };
}

function readMetricsHost(env: NodeJS.ProcessEnv): string {
  const host = env['CB_PLAYBOOK_METRICS_HOST']?.trim() || '127.0.0.1';
  const version = isIP(host);
  if (version === 0) throw wrong('CB_PLAYBOOK_METRICS_HOST', host, 'An IP address of this machine.');
  return version === 6 ? `[${host}]` : host;
}

function readFlag(env: NodeJS.ProcessEnv, name: string): boolean {
  const word = (env[name] ?? '').trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  if (['', '0', 'false', 'no', 'off'].includes(word)) return false;
  throw wrong(name, word, 'true or false (also 1/0, yes/no, on/off).');
}

/** A folder that cannot be written to is told at once, and not when an intruder's file is to be kept. */
function readEvidenceDir(given: string): string | null {
  if (given.trim() === '') return null;
  const folder = resolve(given.trim());
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (err) {
    throw new WorkerStartError({
      code: 'bad-setting',
      message: `The evidence folder ${folder} cannot be used: ${(err as Error).message}`,
      expected: 'A folder that this worker may write to; it is made where it is missing.',
      next: 'Correct --evidence-dir (CB_PLAYBOOK_EVIDENCE_DIR), or leave it out to keep no files.',
    });
  }
  return folder;
}

/** Node's own `recursive` never comes back where the system says ENOENT for a folder that is there, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder.`);
    return;
  }
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function wrong(name: string, value: unknown, expected: string): WorkerStartError {
  return new WorkerStartError({
    code: 'bad-setting',
    message: `${name} is ${show(value)}.`,
    expected,
    next: `Correct ${name}, or leave it out for the default.`,
  });
}
