import type { Draw } from './draw.js';

/** One way of being wrong: always wrong, whatever is drawn. */
export type Bad = (draw: Draw) => unknown;

const CONTROL = ['\u0001', '\u0007', '\u001b[2J', '\u007f', '\u0008'];

/** No text at all. */
const NO_TEXT: Bad[] = [
  (d) => d.int(1, 99_999),
  () => true,
  () => ({}),
  (d) => [d.text(4)],
  () => ({ toString: 'x' }),
];

/** Texts that nothing takes which takes a line of text. */
const NO_LINE: Bad[] = [() => '', () => ' \t ', (d) => d.inserted('some words', d.pick(CONTROL)), ...NO_TEXT];

const HOST: Bad[] = [
  ...NO_LINE,
  (d) =>
    d.inserted(
      'win7pro64',
      d.pick([' ', '*', '?', '/', '\\', ',', ';', '\n', '%00', '\u202e', '😀', '\u200b']),
    ),
  (d) => d.lookAlike(`pc-${d.text(6)}`),
  (d) => d.text(d.int(254, 4_000)),
  () => '...',
  () => 'ｗｉｎ７ｐｒｏ６４',
  () => 'win7pro64\u212a',
  () => 'https://win7pro64',
  () => '$(hostname)',
];

const NAME: Bad[] = [
  ...NO_LINE,
  (d) => `${d.text(3)}*.exe`,
  (d) => `${d.text(3)}?.exe`,
  (d) => `c:\\${d.text(5)}\\vnc.exe`,
  (d) => `/usr/bin/${d.text(5)}`,
  (d) => `${d.text(5_000)}.exe`,
];

const PATH: Bad[] = [
  ...NO_LINE,
  () => 'vnc.exe',
  (d) => `c:\\${d.text(6)}\\`,
  (d) => `c:\\${d.text(3)}*\\vnc.exe`,
  (d) => `c:\\${d.text(5_000)}\\vnc.exe`,
];

const MD5: Bad[] = [
  ...NO_LINE,
  (d) => d.hex(d.pick([1, 30, 31, 33, 40, 64])),
  (d) => `${d.hex(31)}g`,
  (d) => `0x${d.hex(30)}`,
  (d) => `${d.hex(31)}\u0661`,
  (d) => d.inserted(d.hex(31), ' '),
];

const GUID: Bad[] = [
  ...NO_LINE,
  (d) => d.hex(32),
  (d) => `${d.hex(8)}-${d.hex(4)}-${d.hex(4)}-${d.hex(4)}-${d.hex(11)}`,
  (d) => `{${d.hex(8)}-${d.hex(4)}-${d.hex(4)}-${d.hex(4)}-${d.hex(12)}}`,
  (d) => `${d.hex(7)}z-${d.hex(4)}-${d.hex(4)}-${d.hex(4)}-${d.hex(12)}`,
];

const ID: Bad[] = [
  (d) => -d.int(1, 999),
  () => 0,
  (d) => d.int(1, 99) + 0.5,
  (d) => String(d.int(1, 99)),
  () => 2 ** 53,
  () => 1e300,
  () => [1],
  () => true,
];

const BOOLEAN: Bad[] = [() => 'true', () => 'yes', () => 1, () => 0, () => '', () => [], () => ({})];

/** Also too long for whatever a request has a duration for. */
const DURATION: Bad[] = [
  ...NO_LINE,
  (d) => String(d.int(1, 900)),
  (d) => `-${d.int(1, 9)}h`,
  (d) => `${d.pick(['0', '0.0001'])}s`,
  (d) => `${d.int(1, 9)}${d.pick(['w', 'y', 'ms', 'H H', 'hours', ' h', 'h;'])}`,
  (d) => `${d.int(367, 99_999)}d`,
  () => `${'9'.repeat(30)}d`,
  () => '\u0664h',
  () => '1e3s',
  () => 'soon',
  () => 'NaNh',
  () => 'PT4H',
];

const oneOf = (...words: string[]): Bad[] => [
  (d) => d.pick(words).toUpperCase(),
  (d) => `${d.pick(words)} `,
  (d) => d.lookAlike(d.pick(words)),
  () => '',
  () => 1,
  () => true,
  (d) => [d.pick(words)],
  () => 'toString',
];

const LIST: Bad[] = [
  (d) => d.hex(32),
  () => ({}),
  () => 5,
  (d) => [d.hex(31)],
  () => ['d41d8cd98f00b204e9800998ecf8427e'],
  () => ['0'.repeat(32)],
  () => [null],
  (d) => [[d.hex(32)]],
  (d) => Array.from({ length: 5_000 }, () => d.hex(32)),
];

const LINE: Bad[] = [...NO_LINE, (d) => d.text(20_000)];

const POLICY: Bad[] = [
  () => 'strict',
  () => [],
  () => 7,
  () => ({}),
  () => ({ ban: { mostHost: 5 } }),
  () => ({ protectedHosts: { names: ['*'] } }),
  () => ({ kill: { rounds: 0 } }),
  () => ({ limits: { containmentsPerHour: '5' } }),
];

/** By field of a request, ways in which its value is wrong. */
export const BAD_VALUES: Record<string, readonly Bad[]> = {
  hostname: HOST,
  sensorId: ID,
  processName: NAME,
  processPath: PATH,
  processMd5: MD5,
  processGuid: GUID,
  isolate: BOOLEAN,
  kill: BOOLEAN,
  dryRun: BOOLEAN,
  banScope: oneOf('instance', 'name', 'none'),
  banMd5: LIST,
  onFailure: oneOf('auto', 'release', 'keep', 'ask'),
  lease: DURATION,
  askTimeout: DURATION,
  askDefault: oneOf('auto', 'release', 'keep'),
  offline: oneOf('wait', 'fail', 'isolate-only'),
  offlineFor: DURATION,
  offlineWish: oneOf('now', 'withhold'),
  offlineExpire: oneOf('keep', 'withdraw'),
  onDrift: oneOf('tell', 'reassert'),
  approval: oneOf('none', 'before-kill', 'before-all'),
  approvalTimeout: DURATION,
  evidence: oneOf('none', 'file', 'memory'),
  overrides: [() => 'limits', () => ['everything'], () => [1], () => ({ 0: 'limits' })],
  policy: POLICY,
  reason: LINE,
  case: LINE,
  requestedBy: LINE,
  requestId: LINE,
};
