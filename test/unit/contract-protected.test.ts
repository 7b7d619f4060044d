import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { protectedProcess, protectedProcessName } from '../../contract/index.js';

describe('A program of the operating system', () => {
  it('is known in its folder, however a list writes that folder.', () => {
    for (const folder of [
      'c:\\windows\\system32\\',
      'C:/Windows/System32/',
      '\\\\?\\c:\\windows\\system32\\',
      '\\??\\c:\\windows\\system32\\',
      '\\SystemRoot\\System32\\',
      '%SystemRoot%\\system32\\',
      '\\Device\\HarddiskVolume3\\Windows\\System32\\',
      '\\device\\harddiskvolume12\\windows\\system32\\',
      '\\\\?\\GLOBALROOT\\Device\\HarddiskVolume3\\Windows\\System32\\',
      '',
    ])
      assert.match(protectedProcessName(`${folder}lsass.exe`, 'windows') ?? '', /operating system/, folder);
  });

  it('is an impostor anywhere else.', () => {
    for (const folder of [
      'c:\\temp\\',
      'c:\\temp\\windows\\system32\\',
      '\\Device\\HarddiskVolume3\\Temp\\Windows\\',
      '\\Device\\Mup\\server\\windows\\',
      'c:\\device\\harddiskvolume3\\windows\\',
    ])
      assert.equal(protectedProcessName(`${folder}lsass.exe`, 'windows'), null, folder);
  });
});

describe('A process that no kill may name', () => {
  it('has one of the pids of the system itself, whatever it is called.', () => {
    const isProtected = (pid: number, os: 'windows' | 'macos' | 'linux' | 'unknown') =>
      protectedProcess({ pid, path: 'evil' }, os) !== null;
    for (const pid of [0, 4]) assert.ok(isProtected(pid, 'windows'), `windows ${pid}`);
    for (const os of ['macos', 'linux'] as const)
      for (const pid of [0, 1]) assert.ok(isProtected(pid, os), `${os} ${pid}`);
    for (const pid of [0, 1, 4]) assert.ok(isProtected(pid, 'unknown'), `unknown ${pid}`);
    assert.deepEqual(
      [isProtected(1, 'windows'), isProtected(4, 'linux'), isProtected(4, 'macos')],
      [false, false, false],
    );
  });

  it('is one that its operating system dies without.', () => {
    const NAMES = {
      windows: [
        'System',
        'smss.exe',
        'csrss.exe',
        'wininit.exe',
        'winlogon.exe',
        'services.exe',
        'LSASS.EXE',
        'svchost.exe',
      ],
      macos: [
        '/sbin/launchd',
        'kernel_task',
        'WindowServer',
        '/usr/libexec/opendirectoryd',
        'loginwindow',
        'configd',
      ],
      linux: [
        '/sbin/init',
        '/usr/lib/systemd/systemd',
        'systemd-journald',
        'systemd-logind',
        'kthreadd',
        'dbus-daemon',
      ],
    } as const;
    for (const [os, names] of Object.entries(NAMES))
      for (const path of names)
        assert.match(
          protectedProcess({ pid: 900, path }, os as 'linux') ?? '',
          /operating system/,
          `${os} ${path}`,
        );
  });

  it('is one of the sensor’s own, on each system and in any folder.', () => {
    for (const path of [
      'c:\\windows\\carbonblack\\cb.exe',
      'cbcomms.exe',
      '/usr/sbin/cbdaemon',
      '/Applications/x/CbOsxSensorService',
    ])
      for (const os of ['windows', 'macos', 'linux'] as const)
        assert.match(protectedProcess({ pid: 900, path }, os) ?? '', /Carbon Black sensor/, `${os} ${path}`);
  });
});
