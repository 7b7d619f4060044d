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
  const text = `\n${serverText(receipt, facts, wrong)}`;
  // With --json the one document is the receipt.
  if (output.json) output.note(text);
  else output.answer(facts, text);
  return wrong.length === 0;
}
