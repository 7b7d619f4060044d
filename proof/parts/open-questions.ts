import { CASES } from '../open-questions/cases.js';
import { tryAll } from '../open-questions/try-all.js';
import { replayCommand, type ProofPart } from '../part.js';

/** The whole playbook against each answer that the API reference leaves open. */
export const openQuestions: ProofPart = {
  name: 'open-questions',
  about: 'containments by a server that answers open questions in every way',
  inCi: true,
  async run({ seed, only }) {
    const answered = await tryAll(CASES.filter(({ title }) => only === null || title.startsWith(only)));
    if (answered.length === 0) throw new Error(`--only "${only}": there is no such case.`);
    const wrong = answered.filter((one) => one.wrong.length > 0);
    const contained = answered.filter(({ verdict }) => verdict === 'contained').length;
    return {
      rows: [
        {
          attack: 'Open questions about the server (table 16 of the API reference), each answer by turns',
          promise: 'an honest verdict, nothing twice, no other host touched, no session left',
          tried: answered.length,
          held: answered.length - wrong.length,
          measured: `${contained} contained; the others cannot be, and say so`,
        },
      ],
      violations: wrong.map(({ title, wrong: what, context }) => ({
        what: `${title}: ${what.join('; ')}\n${context}`,
        replay: replayCommand('open-questions', { seed }, `'${title}'`),
      })),
      data: answered.map(({ title, verdict }) => ({ title, verdict })),
    };
  },
};
