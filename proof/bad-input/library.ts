import { CbResponse, loadCbResponseConfig } from '../../cb-response/index.js';
import { createPlaybookClient, type PlaybookClient } from '../../client/index.js';
import { checkPolicy } from '../../contract/index.js';
import { type Scenario, startSimulator } from '../../simulator/index.js';
import { runWorkerProcess } from '../../worker/index.js';
import type { Surroundings } from './cli-case.js';
import { Draw } from './draw.js';
import { BAD_VARIABLES } from './environment.js';
import { objectionsToError } from './judge.js';
import { badRequest, GOOD } from './requests.js';
import type { Finding } from './run-cli.js';
import { BAD_SCENARIOS } from './texts.js';
import { type Bad, BAD_VALUES } from './values.js';

interface LibraryCase {
  name: string;
  what: string;
  call: () => unknown;
}

/** What JSON cannot say, and a caller without types can hand over. */
const NO_JSON: Bad[] = [
  () => 10n,
  () => Symbol('x'),
  () => () => 'x',
  () => new Date(Number.NaN),
  () => new Map([[1, 2]]),
  () => Number.NaN,
  () => {
    const circle: unknown[] = [];
    circle.push(circle);
    return circle;
  },
  () => {
    let deep: unknown = [];
    for (let i = 0; i < 50_000; i += 1) deep = [deep];
    return deep;
  },
];

/** Calls of the library, each with something that is wrong for certain; everything else about them is right. */
export function libraryCases(
  playbook: PlaybookClient,
  around: Omit<Surroundings, 'folder'>,
  o: { seed: number; requests: number },
): LibraryCase[] {
  const make = (
    group: string,
    count: number,
    one: (n: number, draw: Draw) => { what: string; call: () => unknown },
  ): LibraryCase[] =>
    Array.from({ length: count }, (_, n) => {
      const name = `${group}-${n}`;
      return { name, ...one(n, new Draw(o.seed, name)) };
    });
  return [
    ...make('library-request', o.requests, (n, draw) => {
      const { what, request } = badRequest(n, draw);
      const given = request as typeof GOOD;
      return draw.int(0, 3) === 0
        ? { what, call: () => playbook.join('contain/win7pro64', given) }
        : { what, call: () => playbook.containEndpoint(given) };
    }),
    ...make('library-value', NO_JSON.length * 3, (n, draw) => {
      const value = (NO_JSON[n % NO_JSON.length] as Bad)(draw);
      const field = draw.pick(Object.keys(BAD_VALUES));
      return {
        what: `${field}: ${typeof value}`,
        call: () => playbook.containEndpoint({ ...GOOD, [field]: value }),
      };
    }),
    ...make('library-verb', 36, (n, draw) => operatorCall(playbook, n, draw)),
    ...make('library-policy', 30, (_, draw) => {
      const value = draw.pick([...(BAD_VALUES['policy'] ?? []), ...NO_JSON])(draw);
      return { what: 'a policy', call: () => mistakesOf(checkPolicy(value)) };
    }),
    ...make('library-scenario', Object.keys(BAD_SCENARIOS).length * 2, (n, draw) => {
      const [what, write] = Object.entries(BAD_SCENARIOS)[n % Object.keys(BAD_SCENARIOS).length] as [
        string,
        (d: Draw) => unknown,
      ];
      const scenario = jsonOf(write(draw)) ?? draw.pick(NO_JSON)(draw);
      return { what, call: () => startSimulator({ scenario: scenario as Scenario }) };
    }),
    ...make('library-environment', Object.keys(BAD_VARIABLES).length, (n, draw) => {
      const [what, variable] = Object.entries(BAD_VARIABLES)[n] as [string, (typeof BAD_VARIABLES)[string]];
      const right = {
        TEMPORAL_ADDRESS: around.temporalAddress,
        CBAPI_URL: around.cbUrl,
        CBAPI_TOKEN: around.secret,
      };
      const env = { ...right, ...variable.env(draw, around.secret) };
      if (variable.reads !== 'worker') return { what, call: () => createPlaybookClient({ env }) };
      // The runtime of this process is there already, without metrics.
      const ofWorker = what.startsWith('CB_PLAYBOOK_') && variable.args === undefined;
      if (ofWorker) return { what, call: () => runWorkerProcess({ env }) };
      return what === 'HTTP_PROXY' || variable.args !== undefined
        ? { what, call: () => new CbResponse({ url: 'x', token: around.secret }) }
        : { what, call: () => new CbResponse(loadCbResponseConfig({ env })) };
    }),
  ];
}

export async function runLibraryCases(cases: readonly LibraryCase[], secret: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, what, call } of cases) {
    const error = await thrownBy(call);
    const objections = objectionsToError(error, secret);
    if (objections.length > 0)
      findings.push({ name, what, objections, seen: String(error instanceof Error ? error.message : error) });
  }
  return findings;
}

const LONGEST_MS = 10_000;

async function thrownBy(call: () => unknown): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('it did not come back')), LONGEST_MS);
    });
    await Promise.race([Promise.resolve().then(call), late]);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(timer);
  }
}

/** A check tells its mistakes instead of throwing: as the error that callers make of them. */
function mistakesOf(checked: ReturnType<typeof checkPolicy>): unknown {
  if (checked.ok) return checked.policy;
  const complete = checked.mistakes.every(({ problem, expected }) => problem !== '' && expected !== '');
  throw Object.assign(new Error(checked.mistakes.map(({ problem }) => problem).join(' ')), {
    code: 'InvalidPolicy',
    expected: complete ? checked.mistakes.map(({ expected }) => expected).join(' | ') : '',
    next: 'Correct it.',
  });
}

function jsonOf(content: unknown): unknown {
  try {
    const value = JSON.parse(String(content)) as unknown;
    // A text would be the name of a shipped one.
    return typeof value === 'string' ? null : value;
  } catch {
    return null;
  }
}

function operatorCall(
  playbook: PlaybookClient,
  n: number,
  draw: Draw,
): { what: string; call: () => unknown } {
  const host = draw.pick(['', ' ', 'win*', 'a b', 'x\u0007y', 5, null, undefined, {}]) as string;
  const id = draw.pick(['', ' ', 'x\u0007', 'x'.repeat(2_000), 5, null, undefined, {}]) as string;
  const reason = draw.pick(['', ' ', 'be\u0007cause', 'x'.repeat(2_000), 5, undefined, {}]) as string;
  const duration = draw.pick(['', 'soon', '5', '-2h', '0h', '4w', '9999d', 5, null, undefined, {}]) as string;
  const digest = draw.pick(['', draw.hex(63), draw.hex(65), 5, null, undefined]) as string;
  const decision = draw.pick(['', 'ask', 'KEEP', 5, null]) as 'keep';
  const calls: [string, () => unknown][] = [
    ['isolate: host', () => playbook.isolate(host, { reason: 'x' })],
    ['isolate: reason', () => playbook.isolate('a', { reason })],
    ['isolate: lease', () => playbook.isolate('a', { reason: 'x', lease: duration ?? 'x' })],
    ['release: host', () => playbook.release(host, { reason: 'x' })],
    ['release: reason', () => playbook.release('a', { reason })],
    ['extend: host', () => playbook.extend(host, '2h', {})],
    ['extend: duration', () => playbook.extend('a', duration, {})],
    ['decide: id', () => playbook.decide(id, { decision: 'keep', reason: 'x' })],
    ['decide: reason', () => playbook.decide('a', { decision: 'keep', reason })],
    ['decide: decision', () => playbook.decide('a', { decision, reason: 'x' })],
    ['approve: digest', () => playbook.approve('a', { digest })],
    ['approve: id', () => playbook.approve(id, { digest: draw.hex(64) })],
    ['deny: reason', () => playbook.deny('a', { reason })],
    ['undo: id', () => playbook.undo(id, {})],
    ['undo: run', () => playbook.undo('a', { runId: draw.pick(['5', 'latest', draw.text(36)]) })],
    ['pause: reason', () => playbook.pause({ reason })],
    ['status: id', () => playbook.status(id)],
    ['receipt: id', () => playbook.receipt(id)],
  ];
  const [what, call] = calls[n % calls.length] as [string, () => unknown];
  return { what, call };
}
