import type { Target } from '../../contract/index.js';

/** A sensor in one line: which host, which system, on which server. */
export function targetText(target: Target): string {
  const more = [`sensor ${target.sensorId}`, target.ip, target.os].filter(
    (part) => part !== null && part !== '',
  );
  return `${target.hostname} (${more.join(', ')}) on ${target.server}`;
}
