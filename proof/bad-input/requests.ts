import type { Draw } from './draw.js';
import { BAD_VALUES } from './values.js';

/** A request in which nothing is wrong. */
export const GOOD = { hostname: 'win7pro64', processName: 'vnc.exe' } as const;

const UNKNOWN = [
  'processname',
  'HostName',
  'process_name',
  'hostname ',
  'host\u200bname',
  'constructor',
  'toString',
  'host\u0007name',
];

/** Fields that are right one by one and cannot be meant together. */
const CONTRADICTIONS: ((d: Draw) => unknown)[] = [
  () => ({ hostname: 'win7pro64' }),
  () => ({ processName: 'vnc.exe' }),
  () => ({}),
  () => ({ hostname: 'win7pro64', kill: false, isolate: false }),
  () => ({ hostname: 'win7pro64', processMd5: 'a'.repeat(32), banScope: 'name' }),
  (d) => ({ hostname: 'win7pro64', processName: 'vnc.exe', processPath: `c:\\${d.text(5)}.exe` }),
  (d) => ({ sensorId: 2, processGuid: `00000001-${d.hex(4)}-${d.hex(4)}-${d.hex(4)}-${d.hex(12)}` }),
  () => ({ ...GOOD, overrides: ['protected-host'], requestedBy: 'a' }),
  () => ({ ...GOOD, overrides: ['limits'], reason: 'because' }),
  () => ({ hostname: null, processName: 'vnc.exe' }),
];

/** No object at all. */
const WHOLES: ((d: Draw) => unknown)[] = [
  () => null,
  () => [],
  () => 'win7pro64',
  (d) => d.int(0, 9),
  () => true,
  (d) => [{ hostname: d.text(5), processName: 'vnc.exe' }],
];

const FIELDS = Object.keys(BAD_VALUES);

/**
 * A request that is wrong for certain, and what is wrong with it. The nth of them: fields take turns, and every fourth is
 * wrong as a whole.
 */
export function badRequest(n: number, draw: Draw): { what: string; request: unknown } {
  if (n % 4 === 3) {
    const kind = draw.int(0, 2);
    if (kind === 0) return { what: 'contradiction', request: draw.pick(CONTRADICTIONS)(draw) };
    if (kind === 1) return { what: 'no object', request: draw.pick(WHOLES)(draw) };
    const key = draw.pick([...UNKNOWN, draw.text(draw.int(6, 300), 'ABCXYZ')]);
    return { what: 'unknown key', request: { ...GOOD, [key]: draw.pick([1, 'x', null, {}]) } };
  }
  const field = FIELDS[n % FIELDS.length] as string;
  const request: Record<string, unknown> = { ...GOOD, [field]: draw.pick(BAD_VALUES[field] ?? [])(draw) };
  return { what: field, request };
}
