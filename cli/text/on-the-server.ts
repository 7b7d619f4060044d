import type { Receipt } from '../../contract/index.js';
import type { ServerEffect, ServerFacts } from '../demo/server-facts.js';
import { clockTime } from './table.js';

/** What is worth a line, and how it is said; the rest is looks and files. */
const SAID: Record<string, (e: ServerEffect) => string> = {
  'wish-set': () => 'isolation asked for',
  'wish-cleared': () => 'isolation withdrawn',
  isolated: () => 'isolated',
  released: () => 'released',
  'session-opened': (e) => `Live Response session ${e.sessionId} opened`,
  'session-closed': (e) => `Live Response session ${e.sessionId} closed`,
  'session-timeout': (e) => `Live Response session ${e.sessionId} timed out`,
  killed: (e) => `killed pid ${e.pid}  ${e.path}`,
  'kill-failed': (e) => `kill of pid ${e.pid} failed  ${e.path}`,
  'kill-ignored': (e) => `kill of pid ${e.pid} changed nothing  ${e.path}`,
  'process-started': (e) => `started pid ${e.pid}  ${e.path}`,
  banned: (e) => `banned ${e.md5?.toUpperCase()}`,
  unbanned: (e) => `ban withdrawn ${e.md5?.toUpperCase()}`,
};

/** The simulated server's own account of the containment, and whether the receipt stands up to it. */
export function serverText(receipt: Receipt, { effects }: ServerFacts, wrong: readonly string[]): string {
  const here = effects.filter((e) => e.sensorId === undefined || e.sensorId === receipt.target?.sensorId);
  const lines = here.flatMap((e) => {
    const said = SAID[e.effect]?.(e);
    return said === undefined ? [] : [`  ${clockTime(new Date(e.at).toISOString())}  ${said}`];
  });
  return [
    'What happened on the server:',
    ...(lines.length > 0 ? lines : ['  nothing']),
    ...(wrong.length === 0
      ? ['The receipt says the same.']
      : ['THE RECEIPT IS WRONG. By the server:', ...wrong.map((sentence) => `  ${sentence}`)]),
  ].join('\n');
}
