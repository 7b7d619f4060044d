import { KINDS, type Kind, nameOf, parseName, type Spot } from '../one-fault/spots.js';
import { cleanSpots, type Tried, tryAll } from '../one-fault/try-all.js';
import { type ProofPart, replayCommand, type Row, type Violation } from '../part.js';

/** One fault in a containment: at each of its requests, of each kind. */
export const oneFault: ProofPart = {
  name: 'one-fault',
  about: 'one request lost or answered wrongly, at every request of a clean containment',
  inCi: true,
  async run({ seed, only, log }) {
    const one = only === null ? null : parseName(only);
    if (only !== null && one === null)
      throw new Error(
        `--only "${only}": expected one of ${KINDS.join(', ')} and a request, as in "cut at PUT /api/v1/sensor/:id 1".`,
      );
    const spots = one === null ? await cleanSpots() : [one.spot];
    const all: Tried[] = [];
    const rows: Row[] = [];
    const violations: Violation[] = [];
    for (const kind of one === null ? KINDS : [one.kind]) {
      const tried = await tryAll(kind, spots);
      const row = rowOf(kind, tried);
      const wrong = wrongIn(kind, tried);
      log(`${kind}: ${row.tried} requests, ${row.tried - row.held} not held; ${row.measured}`);
      all.push(...tried);
      rows.push(row);
      violations.push(
        ...wrong.map(({ name, what }) => ({
          what: `${name}: ${what}`,
          replay: replayCommand('one-fault', { seed }, `'${name}'`),
        })),
      );
    }
    return { rows, violations, data: all.map(({ name, struck }) => ({ name, struck })) };
  },
};

function rowOf(kind: Kind, all: readonly Tried[]): Row {
  const tried = all.filter(({ struck, wrong }) => struck || wrong !== null);
  const missed = all.length - tried.length;
  const routes = new Set(all.filter(({ struck }) => struck).map(({ spot }) => spot.route)).size;
  return {
    attack: `One fault: ${kind}, at every request of a clean containment`,
    promise: 'contained all the same, every effect once, no session left',
    tried: tried.length,
    held: tried.filter(({ wrong }) => wrong === null).length,
    measured: `${routes} routes struck${missed === 0 ? '' : `; ${missed} requests not come by again`}`,
  };
}

/** What did not hold, and each route that no fault of this kind has struck: of that one nothing is proved. */
function wrongIn(kind: Kind, all: readonly Tried[]): { name: string; what: string }[] {
  const broken = all.flatMap(({ name, wrong }) => (wrong === null ? [] : [{ name, what: wrong }]));
  const struck = new Set(all.filter((one) => one.struck).map(({ spot }) => spot.route));
  const missed = new Map<string, Spot>();
  for (const { spot } of all)
    if (!struck.has(spot.route) && !missed.has(spot.route)) missed.set(spot.route, spot);
  const notStruck = [...missed.values()].map((spot) => ({
    name: nameOf(kind, spot),
    what: 'no run came by this request, and nothing is known of it',
  }));
  return [...broken, ...notStruck];
}
