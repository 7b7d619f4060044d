import type { Draw } from './draw.js';

export const FOLDER = Symbol('folder');
export const MISSING = Symbol('missing');
export const ENDLESS = Symbol('endless');

/** What a file holds, or what lies in its place. */
export type FileContent = string | Buffer | typeof FOLDER | typeof MISSING | typeof ENDLESS;

/** What nobody can read as a file of settings, whatever its format. */
export function noText(draw: Draw): FileContent {
  return draw.pick<() => FileContent>([
    () => FOLDER,
    () => MISSING,
    () => ENDLESS,
    () => Buffer.alloc(25_000_000, 0x61),
    () => Buffer.from(Array.from({ length: 400 }, () => draw.int(128, 255))),
  ])();
}

/** Policy files (YAML) that are wrong for certain. */
export const BAD_POLICIES: Record<string, (d: Draw) => FileContent> = {
  empty: (d) => d.pick(['', '\n\n', '# nothing\n', '\ufeff', '---\n', '{}', 'null']),
  'no mapping': (d) => d.pick(['- a\n- b\n', '"text"', '42', 'true', '[]', `${d.text(40)}\n`]),
  'unknown key': (d) => `${d.text(8, 'QWXYZ')}: ${d.int(1, 9)}\n`,
  'unknown key below': (d) => `ban:\n  ${d.text(8, 'QWXYZ')}: 5\n`,
  'look-alike key': (d) => `${d.lookAlike('protectedHashes')}: []\n`,
  'key without value': (d) => `${d.pick(['ban', 'limits', 'protectedHosts', 'kill'])}:\n`,
  'duplicate key': (d) => `ban:\n  mostHosts: ${d.int(1, 9)}\n  mostHosts: ${d.int(1, 9)}\n`,
  'out of range': (d) =>
    d.pick(['ban: {mostHosts: -1}', 'ban: {mostPercent: 101}', 'kill: {rounds: 0}', 'kill: {rounds: 21}']) +
    '\n',
  'wrong type': (d) =>
    d.pick([
      'ban: {mostHosts: "25"}',
      'ban: 5',
      'protectedHosts: [dc1]',
      'protectedProcesses: lsass.exe',
      'limits: {containmentsPerHour: .inf}',
      'limits: {isolatedAtOnce: .nan}',
      'protectedHosts: {servers: yes}',
      'protectedHashes: [00000000000000000000000000000001]',
      'ban: {enableDisabled: "true"}',
      'protectedHosts: {names: !!set {a, b}}',
      'protectedHashes: !!binary "SGVsbG8="',
      'protectedHosts: !!omap [a: 1]',
    ]) + '\n',
  'bad duration': (d) =>
    `approval:\n  timeout: ${d.pick(['soon', '4', '-4h', '1000d', '"4 h"', '0h', '4w', '٤h'])}\n`,
  'bad glob': (d) =>
    `protectedHosts:\n  names: [${d.pick(['"*"', '"**"', '"?"', `"dc ${d.text(3)}"`, '"dс*"', '""', '"a/b"', '"[dc]"'])}]\n`,
  'bad hash': (d) => `protectedHashes:\n  - "${d.hex(d.pick([31, 33, 40]))}"\n`,
  'bad process': (d) =>
    `protectedProcesses: [${d.pick(['"*.exe"', '"c:\\\\x\\\\"', '""', '"a\\u0007b"', '[a]', 'null'])}]\n`,
  'alias bomb': () =>
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map(
        (key, i) =>
          `${key}: &${key} [${Array(9)
            .fill(`*${'abcdefgh'.charAt(i)}`)
            .join(',')}]`,
      )
      .join('\n')}\n`,
  'alias that holds itself': () => 'protectedHosts: &a\n  names: [*a]\n',
  'alias to nothing': () => 'protectedHosts: *nobody\n',
  'deep nesting': (d) => `ban: ${'['.repeat(d.int(5_000, 60_000))}`,
  'deep nesting, closed': (d) => {
    const depth = d.int(2_000, 20_000);
    return `protectedHosts: {names: ${'['.repeat(depth)}${']'.repeat(depth)}}\n`;
  },
  'broken YAML': (d) =>
    d.pick([
      'ban: {mostHosts: 5\n',
      'ban:\n\tmostHosts: 5\n',
      'ban: "unfinished\n',
      'ban: mostHosts: 5\n',
      '? [a]: b\n: c\n',
      '%YAML 9.9\n---\nban: {mostHosts: 5}\n',
      '@nonsense\n',
      'ban: !!js/function "() => 1"\n',
      'ban: {mostHosts: 5}\n---\nban: {mostHosts: 6}\n',
      '{"ban": {"mostHosts": 5,,}}',
    ]),
  'a thousand mistakes': () =>
    `protectedHashes:\n${Array.from({ length: 900 }, (_, i) => `  - "x${i}"`).join('\n')}\n`,
  'too many entries': () =>
    `protectedHosts:\n  sensorIds: [${Array.from({ length: 1_001 }, (_, i) => i + 1).join(',')}]\n`,
  'control characters in a key': (d) => `"ba\\u001b[2Jn${d.text(3)}": 5\n`,
  'prototype key': (d) => `${d.pick(['__proto__', 'constructor', 'toString'])}: {ban: {mostHosts: 5}}\n`,
  'no text': noText,
};

/** Scenario files (JSON) that are wrong for certain. */
export const BAD_SCENARIOS: Record<string, (d: Draw) => FileContent> = {
  empty: (d) => d.pick(['', ' ', '\ufeff', 'null', '[]', '{}', '5', '"evil-sticky-notes"']),
  'broken JSON': (d) =>
    d.pick([
      '{"name": "x", "sensors": [}',
      "{'name': 'x', 'sensors': []}",
      '{"name": "x", "sensors": []} trailing',
      '// comment\n{"name": "x", "sensors": []}',
      '{"name": "x", "sensors": NaN}',
      `{"name": "${d.text(5)}\u0001", "sensors": []}`,
    ]),
  'unknown key': (d) => json({ name: 'x', sensors: [], [d.text(9, 'QWXYZ')]: 1 }),
  'unknown key of a sensor': (d) =>
    json({ name: 'x', sensors: [{ hostname: 'a', [d.text(9, 'QWXYZ')]: 1 }] }),
  'wrong type': (d) =>
    json({
      name: 'x',
      sensors: d.pick<unknown>([{}, 'a', [5], [{ hostname: 5 }], [{ hostname: 'a', processes: 'vnc.exe' }]]),
    }),
  'out of range': (d) =>
    json({
      name: 'x',
      ...d.pick<object>([
        { sensors: [{ hostname: 'a', id: 0 }] },
        { sensors: [{ hostname: 'a', id: 1e99 }] },
        { sensors: [{ hostname: 'a', checkinPhase: 2 }] },
        { sensors: [{ hostname: 'a', registeredAgo: 1e300 }] },
        { sensors: [{ hostname: 'a', ip: '999.1.1.1' }] },
        { sensors: [{ hostname: '' }] },
        { sensors: [{ hostname: 'a', processes: [{ path: '' }] }] },
        { sensors: [{ hostname: 'a', processes: [{ path: 'x', pid: -1 }] }] },
        { sensors: [{ hostname: 'a', processes: [{ path: 'x', kill: 'perhaps' }] }] },
        { sensors: [], fillerSensors: 1e12 },
        { sensors: [], checkinSeconds: 0 },
        { sensors: [], checkinSeconds: 1e300 },
        { sensors: [], binaries: { x: { bytes: 1e15 } } },
        { sensors: [], binaries: { x: { signed: 'Maybe' } } },
        { sensors: [], bans: [{ md5: 'xyz' }] },
      ]),
    }),
  contradiction: (d) =>
    json({
      name: 'x',
      ...d.pick<object>([
        {
          sensors: [
            { hostname: 'a', id: 1 },
            { hostname: 'b', id: 1 },
          ],
        },
        { sensors: [{ hostname: 'a', groupId: 9 }] },
        { sensors: [], bans: [{}] },
        { sensors: [], bans: [{ md5: 'a'.repeat(32), binary: 'x' }] },
        {
          sensors: [
            {
              hostname: 'a',
              processes: [
                { path: 'x', pid: 4 },
                { path: 'y', pid: 4 },
              ],
            },
          ],
        },
      ]),
    }),
  'a thousand mistakes': () =>
    json({ name: 'x', sensors: Array.from({ length: 1_000 }, () => ({ hostname: 5 })) }),
  'no text': noText,
};

/** Credentials files (INI) whose profile `bad` is wrong for certain; `secret` stands in each as its token or near it. */
export const BAD_PROFILES: Record<string, (d: Draw, secret: string) => FileContent> = {
  'no such profile': (_, secret) => `[good]\nurl=https://cb.example\ntoken=${secret}\n`,
  'no url': (_, secret) => `[bad]\ntoken=${secret}\n`,
  'no token': () => '[bad]\nurl=https://cb.example\n',
  'empty token': (d) => `[bad]\nurl=https://cb.example\ntoken=${d.pick(['', ' ', '\t'])}\n`,
  'token with blanks': (d, secret) => `[bad]\nurl=https://cb.example\ntoken=${secret} ${d.text(4)}\n`,
  'token with other letters': (_, secret) => `[bad]\nurl=https://cb.example\ntoken=${secret}é\u200b\n`,
  'url that is none': (d, secret) =>
    `[bad]\nurl=${d.pick(['cb.example', 'ftp://cb.example', 'https://', 'http://cb.example', 'https://cb.example/api/v1', 'https://u:p@cb.example', `https://cb.example/?token=${secret}`, 'file:///etc/passwd', 'https://cb.example:99999', 'javascript:alert(1)'])}\ntoken=${secret}\n`,
  'flag that is none': (d, secret) =>
    `[bad]\nurl=https://cb.example\ntoken=${secret}\n${d.pick(['ssl_verify', 'ssl_verify_hostname', 'ignore_system_proxy'])}=${d.pick(['maybe', '2', 'yes please', 'TRUEE'])}\n`,
  'proxy that is none': (d, secret) =>
    `[bad]\nurl=https://cb.example\ntoken=${secret}\nproxy=${d.pick(['socks5://u:' + secret + '@p:1', 'http://', '::', 'ftp://p'])}\n`,
  'certificate that is none': (d, secret) =>
    `[bad]\nurl=https://cb.example\ntoken=${secret}\nssl_cert_file=${d.pick(['/nowhere.pem', '/', '/etc/hostname', '/dev/zero'])}\n`,
  'broken INI': (d, secret) =>
    d.pick([`[bad\ntoken=${secret}\n`, `token=${secret}\n`, `${secret}\n`, `{"token": "${secret}"}`]),
  'no text': (d) => d.pick<FileContent>([FOLDER, ENDLESS, Buffer.alloc(2_000_000, 0x61)]),
};

const json = (value: unknown): string => JSON.stringify(value);
