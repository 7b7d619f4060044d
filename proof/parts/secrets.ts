import { type ProofPart, replayCommand } from '../part.js';
import { journey } from '../secrets/journey.js';
import { sumRows } from '../secrets/look.js';

const HOSTS = { ci: 12, whole: 40 };

export const secrets: ProofPart = {
  name: 'secrets',
  about: 'canaries for every secret, before servers that repeat them, searched for byte by byte',
  inCi: true,
  run: async (o) => {
    const hosts = o.n ?? (o.ci ? HOSTS.ci : HOSTS.whole);
    const journeys = [];
    for (const odd of [false, true]) {
      const name = odd ? 'odd' : 'plain';
      if (o.only === null || o.only === name)
        journeys.push({ name, ...(await journey({ seed: o.seed, odd, hosts, log: (line) => o.log(line) })) });
    }
    const again = (name: string): string => `${replayCommand('secrets', o, name)} --n ${hosts}`;
    const rows = sumRows(journeys.flatMap(({ look }) => look.rows()));
    const violations = journeys.flatMap(({ name, look }) =>
      look.found.map(({ surface, where, how }) => ({
        what: `${surface}, ${where}: ${how}`,
        replay: again(name),
      })),
    );
    for (const { name, struck } of journeys)
      if (struck === 0)
        violations.push({
          what: `No answer with a secret in it was given in the journey ${name}: it showed nothing.`,
          replay: again(name),
        });
    const faults = journeys.map(({ name, struck, set }) => ({ name, struck, set }));
    for (const { name, struck, set } of faults)
      o.log(`${name}: ${struck} of ${set} answers with a secret in them were given`);
    return { rows, violations, data: { faults } };
  },
};
