import { boundMs } from '../bound.js';
import type { Seen } from '../seen.js';
import { Findings } from './findings.js';

/** (f) Every run ended, within the bound of its schedule, and in a way that a run may end. */
export function endedInTime(seen: Seen): Findings {
  const findings = new Findings();
  const bound = boundMs(seen.schedule);
  const began = Math.min(...seen.runs.map(({ startedAt }) => startedAt));
  findings.looksAt(seen.runs.length);
  for (const { workflowId, closed, endedAt, type, receipt } of seen.runs) {
    if (closed === null || endedAt === null) {
      findings.violated(`${workflowId} has not ended`);
      continue;
    }
    const took = endedAt - began;
    if (took > bound) findings.violated(`${workflowId} took ${took} ms; ${bound} is the bound`);
    if (closed === 'terminated') {
      if (!seen.deeds.some((deed) => deed.what === 'terminate-run' && deed.code === null))
        findings.violated(`${workflowId} was terminated, and nobody did it`);
    } else if (receipt === null) {
      findings.violated(`${workflowId} ended ${closed} (${type ?? 'no type'}) without a receipt`);
    } else if (closed === 'failed' && type !== receipt.verdict) {
      findings.violated(
        `${workflowId} failed as ${type ?? 'nothing'}, and its receipt says ${receipt.verdict}`,
      );
    } else if ((closed === 'completed') !== (receipt.verdict === 'contained')) {
      findings.violated(`${workflowId} closed ${closed} with the verdict ${receipt.verdict}`);
    }
  }
  return findings;
}
