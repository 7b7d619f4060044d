import type { Draw } from './draw.js';

const HOST = (d: Draw): string =>
  d.pick(['', '  ', 'win*', 'a b', 'a?', 'x\u0007y', `${d.text(2_000)}`, '*']);
const ID = (d: Draw): string => d.pick(['', ' ', 'contain/\u0007', '\u001b[2J', d.text(1_500)]);
const REASON = (d: Draw): string => d.pick(['', ' \t', 'be\u0007cause', 'x'.repeat(30_000)]);
const DURATION = (d: Draw): string =>
  d.pick(['', 'soon', '5', '-2h', '0h', '4w', '٤h', '9999d', `${'9'.repeat(40)}h`, '1h 5']);
const NUMBER = (d: Draw): string =>
  d.pick(['many', '-1', '1.5', '', '1e9', '99999999999', '0x10', '٣', ' 8']);
const HOST_PATH = (d: Draw): string =>
  d.pick([
    '',
    'ping.exe',
    '..\\ping.exe',
    'c:\\a b\\ping.exe',
    '/bin/sleep;id',
    '/tmp/$(id)',
    '/tmp/\u0007x',
    '"/x"',
  ]);
const WORD = (d: Draw): string => d.pick(['', 'ALL', 'hope', d.text(9), 'auto ']);

/** Command lines that are wrong for certain, with everything else about them right. */
export const BAD_COMMANDS: Record<string, (d: Draw) => string[]> = {
  'contain: wait': (d) => ['contain', '--hostname=a', '--process-name=b', `--wait=${DURATION(d)}`],
  'contain: choices': (d) => [
    'contain',
    '--hostname=a',
    '--process-name=b',
    `--${d.pick(['ban-scope', 'on-failure', 'offline', 'offline-wish', 'offline-expire', 'on-drift', 'approval', 'evidence', 'ask-default'])}=${WORD(d)}`,
  ],
  'contain: two approvals': () => [
    'contain',
    '--hostname=a',
    '--process-name=b',
    '--require-approval',
    '--approval=none',
  ],
  'contain: unknown flag': (d) => ['contain', '--hostname=a', '--process-name=b', `--${d.text(12, 'qwxyz')}`],
  'contain: stray word': (d) => ['contain', '--hostname=a', '--process-name=b', d.text(5)],
  'contain: flag without value': (d) => [
    'contain',
    '--process-name=b',
    `--${d.pick(['hostname', 'lease', 'policy'])}`,
  ],
  'contain: override': (d) => [
    'contain',
    '--hostname=a',
    '--process-name=b',
    `--override=${d.pick(['', 'all', 'LIMITS'])}`,
    '--reason=x',
  ],
  'contain: override without reason': () => [
    'contain',
    '--hostname=a',
    '--process-name=b',
    '--ban-prevalent',
  ],
  'isolate: host': (d) => ['isolate', HOST(d), '--reason=x'],
  'isolate: reason': (d) => ['isolate', 'a', `--reason=${REASON(d)}`],
  'isolate: lease': (d) => ['isolate', 'a', '--reason=x', `--lease=${DURATION(d)}`],
  'isolate: wait': (d) => ['isolate', 'a', '--reason=x', `--wait=${DURATION(d)}`],
  'isolate: drift': (d) => ['isolate', 'a', '--reason=x', `--on-drift=${WORD(d)}`],
  'release: host': (d) => ['release', HOST(d), '--reason=x'],
  'release: reason': (d) => ['release', 'a', `--reason=${REASON(d)}`],
  'extend: host': (d) => ['extend', HOST(d), '2h'],
  'extend: duration': (d) => ['extend', 'a', '--', DURATION(d)],
  'extend: nothing': () => ['extend', 'a'],
  'leases: adopt': (d) =>
    d.pick([
      ['leases', '--adopt'],
      ['leases', '--dry-run'],
      ['leases', '--reason=x'],
      ['leases', '--reconcile', '--adopt', `--reason=${REASON(d)}`],
    ]),
  'decide: nothing': () => ['decide', 'a', '--reason=x'],
  'decide: twice': () => ['decide', 'a', '--keep', '--release', '--reason=x'],
  'decide: id': (d) => ['decide', ID(d), '--keep', '--reason=x'],
  'approve: digest': (d) => [
    'approve',
    'a',
    `--digest=${d.pick(['', d.hex(63), d.hex(65), `${d.hex(63)}g`, 'latest'])}`,
  ],
  'approve: id': (d) => ['approve', ID(d), `--digest=${d.hex(64)}`],
  'deny: reason': (d) => ['deny', 'a', `--reason=${REASON(d)}`],
  'undo: id': (d) => ['undo', ID(d)],
  'undo: run': (d) => ['undo', 'a', `--run-id=${d.pick(['', '5', d.text(36), 'latest'])}`],
  'undo: wait': (d) => ['undo', 'a', `--wait=${DURATION(d)}`],
  'pause: reason': (d) => ['pause', `--reason=${REASON(d)}`],
  'pause: show and reason': () => ['pause', '--show', '--reason=x'],
  'resume: reason': (d) => ['resume', `--reason=${d.pick(['', 'a\u0007b'])}`],
  'status: id': (d) => ['status', ID(d)],
  'receipt: id': (d) => ['receipt', ID(d)],
  'cancel: id': (d) => ['cancel', ID(d)],
  'cancel: reason': (d) => ['cancel', 'a', `--reason=${REASON(d)}`],
  'cancel: twice': () => ['cancel', 'a', '--keep', '--release'],
  'policy: nothing': (d) => d.pick([['policy'], ['policy', 'check'], ['policy', 'chekc', 'x']]),
  'no such command': (d) => [d.pick(['contian', 'Contain', d.text(7, 'qwxyz'), 'isolate;rm'])],
  'no command': () => [],
  'worker: slots': (d) => ['worker', `--slots=${NUMBER(d)}`],
  'worker: metrics port': (d) => ['worker', `--metrics-port=${d.pick(['0', '70000', 'http', ''])}`],
  'worker: bundle': (d) => [
    'worker',
    `--bundle=${d.pick(['/nowhere.js', '/', '/etc/passwd', '', '/dev/zero'])}`,
  ],
  'worker: evidence folder': (d) => ['worker', `--evidence-dir=${d.pick(['/dev/null/x', '/etc/hostname'])}`],
  'simulator: port': (d) => ['simulator', `--port=${d.pick(['70000', '-1', 'http', '', '1.5'])}`],
  'simulator: scenario': (d) => [
    'simulator',
    `--scenario=${d.pick(['', 'nope', '../evil-sticky-notes', '/', 'evil-sticky-notes.JSON'])}`,
  ],
  'simulator: check-in': (d) => ['simulator', `--check-in=${DURATION(d)}`],
  'simulator: profile': (d) => ['simulator', `--profile=${d.pick(['', '9.9', '7.5 ', 'latest'])}`],
  'simulator: token': (d) => ['simulator', `--token=${d.pick(['', 'a b', 'é', 'a\nb'])}`],
  'demo: scenario': (d) => ['demo', `--scenario=${d.pick(['', 'nope', '/etc/passwd'])}`],
  'selftest: no host': () => ['selftest', '--yes'],
  'selftest: host': (d) => ['selftest', `--hostname=${d.pick(['', '  '])}`],
  'selftest: sensor': (d) => ['selftest', `--sensor-id=${d.pick(['0', '-1', NUMBER(d)])}`, '--yes'],
  'selftest: host and sensor': (d) => ['selftest', `--hostname=${HOST(d)}`, `--sensor-id=${NUMBER(d)}`],
  'selftest: program': (d) => ['selftest', '--hostname=win7pro64', `--program=${HOST_PATH(d)}`],
  'selftest: folder': (d) => ['selftest', '--hostname=win7pro64', `--folder=${HOST_PATH(d)}`],
  'selftest: unknown flag': (d) => ['selftest', '--hostname=win7pro64', `--${d.text(12, 'qwxyz')}`],
  'selftest: stray word': (d) => ['selftest', '--hostname=win7pro64', d.text(5)],
  'selftest: flag without value': (d) => [
    'selftest',
    '--yes',
    `--${d.pick(['hostname', 'sensor-id', 'out', 'program', 'folder'])}`,
  ],
};
