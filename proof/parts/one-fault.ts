import { KINDS, tryAll, type Tried } from '../one-fault/try-all.js';
import { replayCommand, type ProofPart } from '../part.js';

/** One fault in a containment: at each of its requests, of each kind. */
export const oneFault: ProofPart = {
  name: 'one-fault',
  about: 'one request lost or answered wrongly, at every request of a clean containment',
  inCi: true,
  async run({ seed, only, log }) {
    const [, onlyKind, onlyNth] = /^(\S+) at (\d+)$/.exec(only ?? '') ?? [];
    if (only !== null && !KINDS.some((kind) => kind === onlyKind))
      throw new Error(
        `--only "${only}": expected one of ${KINDS.join(', ')} and a request, as in "cut at 7".`,
      );
    const rows = [];
    const violations = [];
    const all: Tried[] = [];
    for (const kind of KINDS) {
      if (onlyKind !== undefined && kind !== onlyKind) continue;
      const tried = await tryAll(kind, onlyNth === undefined ? null : Number(onlyNth));
      const wrong = tried.filter((one) => one.wrong !== null);
      log(`${kind}: ${tried.length} requests, ${wrong.length} not held`);
      all.push(...tried);
      rows.push({
        attack: `One fault: ${kind}, at every request of a clean containment`,
        promise: 'contained all the same, every effect once, no session left',
        tried: tried.length,
        held: tried.length - wrong.length,
        measured: '',
      });
      violations.push(
        ...wrong.map(({ name, request, wrong: what }) => ({
          what: `${name}, ${request}: ${what}`,
          replay: replayCommand('one-fault', { seed }, `'${name}'`),
        })),
      );
    }
    return { rows, violations, data: all.map(({ name, request }) => ({ name, request })) };
  },
};
