#!/usr/bin/env node
import { CommanderError } from 'commander';
import { secretsOfEnv } from './env-secrets.js';
import { Output } from './output.js';
import { buildProgram } from './program.js';
import { reportError, usageError } from './report-error.js';

const argv = process.argv.slice(2);
const output = new Output(wantsJson(argv));

const secrets = secretsOfEnv();

// Whatever nobody caught, in one message too: a stack trace shows what hangs on an error, and that may be a request.
process.on('uncaughtException', (error) => void fail(error).finally(() => process.exit()));
try {
  process.exitCode = await run();
} catch (error) {
  await fail(error);
}
// A connection that lingers must not keep the command from ending; what is written is flushed by then.
setTimeout(() => process.exit(), 2_000).unref();

async function fail(error: unknown): Promise<void> {
  const { createScrub } = await import('../cb-response/scrub.js');
  process.exitCode = reportError(error, output, createScrub(secrets));
}

async function run(): Promise<number> {
  let exitCode = 0;
  const program = buildProgram(output, (code) => (exitCode = code));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(error, argv);
  }
}

/** Known before the arguments are parsed, for a mistake in them is told in JSON too. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).includes('--json');
}
