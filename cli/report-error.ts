import type { CommanderError } from 'commander';
import { BadInputError } from './bad-input.js';
import { fieldsAsFlags } from './flags.js';
import type { Output } from './output.js';
import { printable, shortened } from './text/safe.js';

/** Exit codes by error code (design.md "The face"); everything else is 1. */
const EXIT_OF: Record<string, number> = {
  BadUsage: 2,
  BadInput: 2,
  InvalidRequest: 2,
  InvalidPolicy: 2,
  InvalidSetting: 2,
  DifferentRequest: 2,
  TemporalUnreachable: 3,
  NoWorker: 3,
  WorkerBusy: 3,
  NoSuchRun: 4,
  NoSuchHost: 4,
  NoSuchLease: 4,
  NotAsking: 4,
  NoPlan: 4,
  StaleDigest: 2,
  SeveralHosts: 2,
  ServerUnavailable: 3,
  StillRunning: 15,
  RequestRefused: 16,
  Detached: 130,
};

interface Reported {
  code: string;
  message: string;
  expected: string | null;
  next: string | null;
  [more: string]: unknown;
}

/**
 * Prints one error, for people or as the one JSON document, and returns the exit code. Never a stack trace, never a secret
 * that `scrub` knows, and nothing that moves a terminal's cursor.
 */
export function reportError(error: unknown, output: Output, scrub: (text: string) => string): number {
  const clean = (text: string): string => printable(scrub(text));
  const reported = describe(error);
  output.answerError(eachText({ error: reported }, clean), shortened(clean(asText(reported))));
  const own = (error as { exitCode?: unknown } | null)?.exitCode;
  return typeof own === 'number' ? own : (EXIT_OF[reported.code] ?? 1);
}

/** A mistake in the command line itself, as commander found it. */
export function usageError(error: CommanderError, argv: readonly string[]): BadInputError {
  const verb = argv.find((arg) => !arg.startsWith('-'));
  const help = `cb-playbook ${verb && error.code !== 'commander.unknownCommand' ? `${verb} ` : ''}--help`;
  const message =
    error.code === 'commander.help'
      ? 'No command was given.'
      : error.message.replace(/^error: /, '').replace(/\n\(/, ' (');
  const text = message.endsWith('.') || message.endsWith(')') ? message : `${message}.`;
  return new BadInputError(
    text.charAt(0).toUpperCase() + text.slice(1),
    `A command line as ${help} shows it.`,
    `Run ${help}; nothing was started.`,
    'BadUsage',
  );
}

function describe(error: unknown): Reported {
  const e = error as Partial<Reported> & { toJSON?: () => Reported };
  if (error instanceof Error && typeof e.code === 'string' && 'expected' in e) {
    const { code, message, expected, next } = e as Reported;
    const more = typeof e.toJSON === 'function' ? e.toJSON() : {};
    // The keys of a policy are those of its file, whatever flags are called alike.
    const isPolicy = code === 'InvalidPolicy';
    return {
      ...more,
      code,
      message: isPolicy ? message : fieldsAsFlags(message),
      expected: asFlags(expected),
      next: next ?? null,
    };
  }
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return {
    code: 'Unexpected',
    message: message.slice(0, 500) || 'Something went wrong, and it does not say what.',
    expected: null,
    next: 'Try again; if it stays, report it with this message.',
  };
}

function asFlags(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : fieldsAsFlags(text);
}

/** A copy with every text in it changed so. */
function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => eachText(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, eachText(item, change)]));
}

function asText(e: Reported): string {
  const lines = [`cb-playbook: ${e.message}`];
  const mistakes = e['mistakes'];
  if (Array.isArray(mistakes) && e.code !== 'InvalidPolicy') {
    lines[0] = 'cb-playbook: the request is wrong:';
    for (const m of mistakes as { field: string; problem: string; expected: string }[]) {
      const field = m.field === '' ? '' : `${m.field}: `;
      lines.push(fieldsAsFlags(`  ${field}${m.problem} Expected: ${m.expected}`));
    }
  } else if (e.expected && e.code !== 'InvalidPolicy') lines.push(`  expected: ${e.expected}`);
  if (e.next) lines.push(`  next:     ${e.next}`);
  return lines.join('\n');
}
