import type { Logger as Pino } from 'pino';

/**
 * What nobody caught ends the process, as always, but is told in one line of the log: Node's own last words show an error
 * with all that hangs on it, and that may be a request with its token.
 */
export function sayLastWords(log: Pino): { dispose(): void } {
  const end = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
    log.fatal({ stack: text }, 'Nobody caught this: the worker ends.');
    process.exit(1);
  };
  // First in line: another listener must not print it before.
  process.prependListener('uncaughtException', end);
  return { dispose: () => void process.off('uncaughtException', end) };
}
