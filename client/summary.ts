import type { ContainRequest } from '../contract/index.js';

/** One line for the list of runs in Temporal Web. */
export function summaryOf(request: ContainRequest): string {
  const host = request.hostname ?? `sensor ${request.sensorId}`;
  const selector = request.processName ?? request.processPath ?? request.processMd5 ?? request.processGuid;
  const parts = [
    request.isolate === false ? null : 'isolate',
    request.kill === false || selector === undefined ? null : `kill ${selector}`,
    request.banMd5?.length ? `ban ${request.banMd5.length}` : null,
  ].filter((part) => part !== null);
  const ticket = request.case === undefined ? '' : ` (${request.case})`;
  const line = `${request.dryRun === true ? 'Plan for' : 'Contain'} ${host}: ${parts.join(', ')}${ticket}`;
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
