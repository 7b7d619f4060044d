import { inspect } from 'node:util';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const MOST_LINES = 20;
/** A list of mistakes for a program may be longer than a person reads. */
const LONGEST = 64_000;

/** What is wrong with how a command ended after bad input; empty where nothing is. */
export function objectionsTo(ended: Ended, o: { json: boolean; doctor: boolean; secret: string }): string[] {
  const { code, stdout, stderr } = ended;
  const objections: string[] = [];
  if (code !== 2) objections.push(code === null ? 'it did not end' : `exit code ${code}, not 2`);
  objections.push(...objectionsToText(`${stdout}\n${stderr}`, o.secret));
  if (o.doctor) return [...objections, ...objectionsToDoctor(stdout, o.json)];
  if (o.json) return [...objections, ...objectionsToDocument(stdout)];
  if (stdout !== '') objections.push('something on stdout');
  const lines = stderr.trimEnd().split('\n');
  if (lines.length > MOST_LINES) objections.push(`${lines.length} lines`);
  if (!/^cb-playbook: \S/m.test(stderr)) objections.push('it does not say what was wrong');
  if (!/^\s+expected: +\S|Expected: ?\S|Expected .+;|It must/m.test(stderr))
    objections.push('it does not say what was expected');
  if (!/^ {2}next: +\S/m.test(stderr)) objections.push('it does not say what to do next');
  return objections;
}

/** What no output may have, whatever it is about. */
function objectionsToText(text: string, secret: string): string[] {
  const objections: string[] = [];
  if (/^\s+at .+:\d+:\d+\)?$/m.test(text) || /node:internal\//.test(text)) objections.push('a stack trace');
  if (text.includes(secret)) objections.push('the secret');
  if (/[^\P{C}\n]/u.test(text)) objections.push('a control character');
  if (text.length > LONGEST) objections.push(`${text.length} characters`);
  if (/\[object Object\]|(?<!received )\bundefined\b/.test(text)) objections.push('a value without words');
  return objections;
}

function objectionsToDocument(stdout: string): string[] {
  const error = (parsed(stdout) as { error?: Record<string, unknown> } | null)?.error;
  if (error === undefined) return ['no error document on stdout'];
  return ['code', 'message', 'expected', 'next'].flatMap((part) => {
    const value = error[part];
    return typeof value === 'string' && value.trim() !== '' ? [] : [`no "${part}" in the error document`];
  });
}

function objectionsToDoctor(stdout: string, json: boolean): string[] {
  if (!json) return /^fail .+\n +→ \S/m.test(stdout) ? [] : ['doctor names no failure with what to do'];
  const checks = (parsed(stdout) as { checks?: { state: string; next: string | null }[] } | null)?.checks;
  return checks?.some((check) => check.state === 'fail' && check.next)
    ? []
    : ['doctor names no failure with what to do'];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Codes of the library's errors for input that is wrong; each of them is exit code 2 on the command line. */
const BAD_INPUT_CODES = ['InvalidRequest', 'InvalidSetting', 'InvalidPolicy', 'BadInput'];
const BAD_INPUT_NAMES = ['CbConfigError', 'ScenarioError'];

/** The same for what a function threw (`undefined`: nothing). */
export function objectionsToError(error: unknown, secret: string): string[] {
  if (!(error instanceof Error)) return [error === undefined ? 'it was accepted' : 'it threw no error'];
  const { code, exitCode, expected, next } = error as Error &
    Partial<Record<'code' | 'expected' | 'next', string | null>> & { exitCode?: number };
  const objections = objectionsToText([error.message, expected, next].join('\n'), secret);
  const isBadInput =
    BAD_INPUT_CODES.includes(String(code)) || exitCode === 2 || BAD_INPUT_NAMES.includes(error.name);
  if (!isBadInput) objections.push(`it is a ${error.name} (${String(code)}): ${error.message.slice(0, 200)}`);
  const saysAll = BAD_INPUT_NAMES.includes(error.name)
    ? /[Ee]xpected|described in/.test(error.message)
    : [expected, next].every((part) => typeof part === 'string' && part.trim() !== '');
  if (!saysAll) objections.push('it does not say what was expected and what to do next');
  if (inspect(error, { depth: 6 }).includes(secret)) objections.push('the secret hangs on it');
  return objections;
}
