import { exitCodeOf } from '../../contract/verdict.js';
import { durationOf } from '../duration.js';
import { followRun } from '../follow.js';
import { onInterrupt } from '../interrupt.js';
import type { Output } from '../output.js';
import { policyOf } from '../policy-file.js';
import { type RequestFlags, requestOf } from '../request.js';
import { receiptText } from '../text/receipt.js';

export interface ContainFlags extends RequestFlags {
  /** A duration, `false` for `--no-wait`, nothing for "until it ends". */
  wait?: string | false;
}

/** `cb-playbook contain`: starts or joins, then waits and prints the receipt. */
export async function contain(flags: ContainFlags, output: Output): Promise<number> {
  const policy = flags.policy === undefined ? undefined : (await policyOf(flags.policy)).raw;
  const request = requestOf(flags, policy);
  const timeoutMs = typeof flags.wait === 'string' ? durationOf('--wait', flags.wait) : undefined;
  const stop = onInterrupt();
  const { createPlaybookClient } = await import('../../client/playbook-client.js');
  const playbook = await createPlaybookClient();
  try {
    const { started, receipt } = await followRun(playbook, request, {
      output,
      wait: flags.wait !== false,
      timeoutMs,
      signal: stop.signal,
    });
    if (receipt === null) {
      const { workflowId, runId, how, noWorker, webUrl } = started;
      const look = `Look at it: cb-playbook status ${workflowId}`;
      output.answer(
        { workflowId, runId, how, joined: how !== 'started', noWorker, webUrl },
        [`${workflowId} ${how} (run ${runId}).`, look, ...(webUrl ? [webUrl] : [])].join('\n'),
      );
      return 0;
    }
    output.answer(receipt, receiptText(receipt));
    return exitCodeOf(receipt);
  } finally {
    stop.dispose();
    await playbook.close();
  }
}
