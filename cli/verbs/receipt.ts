import { exitCodeOf } from '../../contract/verdict.js';
import { checkRunId } from '../operator-check.js';
import type { Output } from '../output.js';
import { receiptText } from '../text/receipt.js';

/** `cb-playbook receipt`: what a closed run did; exits with its verdict, 15 while it runs. */
export async function receipt(id: string, output: Output): Promise<number> {
  checkRunId(id);
  const { createPlaybookClient } = await import('../../client/playbook-client.js');
  const playbook = await createPlaybookClient();
  try {
    const found = await playbook.receipt(id);
    output.answer(found, receiptText(found));
    return exitCodeOf(found);
  } finally {
    await playbook.close();
  }
}
