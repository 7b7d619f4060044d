import { inspect } from 'node:util';
import { startDevServer } from '../../testing/index.js';
import { replayCommand, type PartResult, type ProofOptions, type Violation } from '../part.js';
import type { Attack, Attacked } from './attack.js';
import { attacksOn } from './attacks.js';
import { rowOf } from './row.js';

export const PART = 'temporal-lost';

/** All attacks side by side: most of their time is waiting. */
export async function runAttacks(o: ProofOptions): Promise<PartResult> {
  // Each server and each worker ends with this process, and listens for its end.
  process.setMaxListeners(0);
  const server = await startDevServer();
  try {
    const all = attacksOn(server.address);
    const attacks = o.only === null ? all : all.filter(({ name }) => name === o.only);
    if (attacks.length === 0)
      throw new Error(`There is no case "${o.only}": ${all.map(({ name }) => name).join(', ')}.`);
    const goneMs = o.ci ? 25_000 : 60_000;
    const done = await Promise.all(
      attacks.map(async (attack) => {
        const ends = await attempt(attack, {
          seed: o.seed,
          goneMs,
          crashes: o.n ?? (o.ci ? 3 : 20),
          log: (line) => o.log(line),
        });
        const row = rowOf(attack, ends);
        o.log(`${attack.name}: ${row.held} of ${row.tried} held; ${row.measured}`);
        return { attack, ends, row };
      }),
    );
    return {
      rows: done.map(({ row }) => row),
      violations: done.flatMap(({ attack, ends }) => violationsOf(o, attack, ends)),
      data: { goneMs, attacks: done.map(({ attack: { name }, ends }) => ({ name, ends })) },
    };
  } finally {
    await server.stop();
  }
}

/** An attack that could not be carried out is told, and does not count as held. */
async function attempt(attack: Attack, o: Parameters<Attack['run']>[0]): Promise<Attacked[]> {
  try {
    return await attack.run(o);
  } catch (error) {
    const wrong = [`Could not be tried: ${inspect(error)}`];
    return [{ moment: 'before the blow', verdict: 'none', endedAfterMs: 0, wrong, notes: [] }];
  }
}

function violationsOf(o: ProofOptions, attack: Attack, ends: readonly Attacked[]): Violation[] {
  return ends
    .filter(({ wrong }) => wrong.length > 0)
    .map(({ moment, verdict, wrong }) => ({
      what: `${attack.name}, ${moment}: ${verdict}. ${wrong.join(' ')}`,
      replay: replayCommand(PART, o, attack.name),
    }));
}
