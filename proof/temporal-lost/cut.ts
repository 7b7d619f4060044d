import { setTimeout as sleep } from 'node:timers/promises';
import { fleet } from '../../test/chaos/fleet.js';
import type { Attack, Attacked, AttackOptions } from './attack.js';
import { judgeEnd } from './ended.js';
import { openHouse, type WorkerOptions } from './house.js';
import { MOMENTS, standAtEach } from './moments.js';
import { lineTo, type Line } from './proxy.js';

type Blow = 'cut' | 'silence';

/** Which line of the worker is struck, and how its address goes to the worker. */
const LINES = {
  temporal: {
    who: 'the worker and Temporal',
    worker: (line: Line): WorkerOptions => ({ temporalAddress: line.address }),
  },
  cb: {
    who: 'the worker and the Cb server',
    worker: (line: Line): WorkerOptions => ({ cbUrl: `http://${line.address}` }),
  },
} as const;

const WORDS: Record<Blow, string> = {
  cut: 'connections destroyed and refused',
  silence: 'connections kept, nothing passes',
};

/** The only worker loses one of its lines for a while, in the midst of everything a run does. */
export function lineAttack(
  which: keyof typeof LINES,
  blow: Blow,
  house: () => Promise<{ temporalAddress: string; namespace: string }>,
): Attack {
  const { who, worker } = LINES[which];
  return {
    name: `${which}-${blow}`,
    attack: `Line between ${who}: ${WORDS[blow]}`,
    promise: 'right verdict, every effect once, no session left',
    run: async (o) => await strike(o, which, blow, await house(), worker),
  };
}

async function strike(
  o: AttackOptions,
  which: keyof typeof LINES,
  blow: Blow,
  at: { temporalAddress: string; namespace: string },
  workerOf: (line: Line) => WorkerOptions,
): Promise<Attacked[]> {
  const { hosts, scenario } = fleet(MOMENTS.length);
  const house = await openHouse({ ...at, scenario });
  try {
    const line = await lineTo(which === 'temporal' ? at.temporalAddress : new URL(house.simulator.url).host);
    house.atTheEnd(() => line.close());
    const worker = await house.worker(workerOf(line));
    const standing = await standAtEach(house, MOMENTS, hosts);
    line[blow]();
    const since = Date.now();
    for (const { goOn } of standing) goOn();
    await sleep(o.goneMs);
    line.mend();
    const ends = await Promise.all(
      standing.map(({ moment, host, run }) =>
        judgeEnd(house.simulator, host, run, {
          moment: moment.name,
          since,
          verdicts: [moment.verdict],
        }),
      ),
    );
    if (!worker.isRunning) ends[0]?.wrong.push(`The worker ended: ${worker.stderr.slice(-500)}`);
    return ends;
  } finally {
    await house.close();
  }
}
