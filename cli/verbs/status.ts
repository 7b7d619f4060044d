import type { Output } from '../output.js';
import { statusText } from '../text/status.js';

/** `cb-playbook status`: what a run is doing, or did. */
export async function status(id: string, output: Output): Promise<number> {
  const { createPlaybookClient } = await import('../../client/playbook-client.js');
  const playbook = await createPlaybookClient();
  try {
    const found = await playbook.status(id);
    const link = playbook.webLink(found.workflowId, found.runId);
    output.answer(found, statusText(found, link, Date.now()));
    return 0;
  } finally {
    await playbook.close();
  }
}
