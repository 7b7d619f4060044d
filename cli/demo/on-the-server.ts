import type { Receipt } from '../../contract/index.js';
import type { Output } from '../output.js';
import { serverText } from '../text/on-the-server.js';
import { contradictions } from './contradictions.js';
import { readServer } from './server-facts.js';

/** Tells what happened on the simulated server by its own ledger; whether the receipt says the same. */
export async function tellOfServer(
  receipt: Receipt,
  simulator: { url: string; token: string },
  output: Output,
): Promise<boolean> {
  const facts = await readServer(simulator);
  const wrong = contradictions(receipt, facts);
  output.answer(facts, `\n${serverText(receipt, facts, wrong)}`);
  return wrong.length === 0;
}
