// A process of its own that plays groups of schedules, one after the other, as its parent tells it (lanes.ts).
import { playCrash } from './crash.js';
import { drawSchedule } from './draw.js';
import { resultOf } from './result.js';
import { playSkipped } from './skipped.js';
import { ServerForgot } from './stood-still.js';
import type { Answer, Order } from './lanes.js';

// A wait that was given up with its server may wake up once more, and finds its connection closed.
process.on('uncaughtException', (error) => {
  if (error.message.includes('Channel has been shut down')) return;
  console.error(error);
  process.exit(1);
});
process.on('unhandledRejection', (reason) => {
  // Waits that were given up with their server; anything else is worth reading.
  const text = String((reason as Error | null)?.stack ?? reason);
  if (!/Channel has been shut down|StoodStill|ServerForgot|CANCELLED|UNAVAILABLE/.test(text))
    console.error(text);
});
// The leader of its group: its servers and workers go with it.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));

process.on('message', (order: Order) => {
  void play(order).then((answer) => process.send?.(answer));
});

async function play({ base, seeds }: Order): Promise<Answer> {
  try {
    const schedules = seeds.map((n) => drawSchedule(base, n));
    const [first] = schedules;
    if (first === undefined) return { results: [] };
    const seen = first.stage === 'crash' ? await playCrash(schedules) : [await playSkipped(first)];
    const unended = seen.some(({ runs }) => runs.some(({ endedAt }) => endedAt === null));
    const results = seen.map(resultOf);
    // Whether it is the run that stands, or the time-skipping server, shows on a fresh one.
    return first.stage === 'skipped' && unended
      ? { results, stoodStill: 'A run had not ended when it should have.' }
      : { results };
  } catch (error) {
    const { name, message } = error as Error;
    return { results: [], stoodStill: `${name}: ${message}`, untried: error instanceof ServerForgot };
  }
}
