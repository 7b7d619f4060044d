import type { Seen } from '../seen.js';
import { Findings } from './findings.js';

/** (g) Who was told "joined" is in the receipt, and a verb that is refused says so in words meant for people. */
export function answersKept(seen: Seen): Findings {
  const findings = new Findings();
  findings.looksAt(seen.deeds.length);
  for (const { workflowId, requests, receipt } of seen.runs) {
    if (receipt !== null && receipt.requestedBy.length < requests.length)
      findings.violated(
        `${workflowId} told ${requests.length} that they are in, and its receipt names ${receipt.requestedBy.length}`,
      );
  }
  for (const { what, code, message } of seen.deeds) {
    if (code?.startsWith('unexpected') === true) findings.violated(`${what}: ${code}: ${message ?? ''}`);
  }
  return findings;
}
