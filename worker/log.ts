import { pino, stdSerializers, type Logger as Pino } from 'pino';
import type { Scrub } from './scrub.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type PlaybookLogLevel = (typeof LOG_LEVELS)[number];

interface Sink {
  write(line: string): unknown;
}

/**
 * The log of a worker process: one JSON line an event, on stderr. Whatever is logged, by us or by the SDK, passes
 * the scrub as a whole line, so that no field can carry a secret past it.
 */
export function createLog(level: PlaybookLogLevel, scrub: Scrub, sink: Sink = process.stderr): Pino {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: stdSerializers.err, err: stdSerializers.err },
    },
    { write: (line: string) => void sink.write(scrub(line)) },
  );
}
