import { processSpecSchema, type ProcessSpec, type SensorSpec } from './scenario.js';

type Row = [
  pid: number,
  parent: number,
  path: string,
  isProtected: boolean,
  user: string,
  commandLine?: string,
];

const system = 'NT AUTHORITY\\SYSTEM';
const windows: Row[] = [
  [4, 0, 'c:\\windows\\system32\\ntoskrnl.exe', true, system, ''],
  [340, 4, 'c:\\windows\\system32\\smss.exe', true, system, '\\SystemRoot\\System32\\smss.exe'],
  [424, 416, 'c:\\windows\\system32\\csrss.exe', true, system],
  [472, 416, 'c:\\windows\\system32\\wininit.exe', true, system, 'wininit.exe'],
  [524, 464, 'c:\\windows\\system32\\winlogon.exe', true, system, 'winlogon.exe'],
  [568, 472, 'c:\\windows\\system32\\services.exe', true, system],
  [576, 472, 'c:\\windows\\system32\\lsass.exe', true, system],
  [692, 568, 'c:\\windows\\system32\\svchost.exe', false, system, 'svchost.exe -k DcomLaunch'],
  [
    764,
    568,
    'c:\\windows\\system32\\svchost.exe',
    false,
    'NT AUTHORITY\\NETWORK SERVICE',
    'svchost.exe -k RPCSS',
  ],
  [1180, 568, 'c:\\windows\\system32\\spoolsv.exe', false, system],
  [1300, 568, 'c:\\windows\\carbonblack\\cb.exe', true, system],
  [1884, 1860, 'c:\\windows\\explorer.exe', false, 'user', 'C:\\Windows\\Explorer.EXE'],
];
const macos: Row[] = [
  [1, 0, '/sbin/launchd', true, 'root', '/sbin/launchd'],
  [81, 1, '/usr/libexec/logd', true, 'root'],
  [95, 1, '/Applications/CarbonBlack/CbOsxSensorService', true, 'root'],
  [148, 1, '/System/Library/CoreServices/loginwindow.app/Contents/MacOS/loginwindow', true, 'root'],
  [402, 1, '/System/Library/CoreServices/Finder.app/Contents/MacOS/Finder', false, 'user'],
  [455, 1, '/Applications/Safari.app/Contents/MacOS/Safari', false, 'user'],
];
const linux: Row[] = [
  [1, 0, '/usr/lib/systemd/systemd', true, 'root', '/usr/lib/systemd/systemd --system'],
  [612, 1, '/usr/lib/systemd/systemd-journald', true, 'root'],
  [890, 1, '/usr/sbin/sshd', false, 'root', '/usr/sbin/sshd -D'],
  [911, 1, '/usr/sbin/cbdaemon', true, 'root'],
  [930, 1, '/usr/sbin/crond', false, 'root', '/usr/sbin/crond -n'],
  [1702, 890, '/usr/bin/bash', false, 'admin', '-bash'],
];

/** What every host of this operating system runs, with the pids as they are on a fresh boot. */
export function ordinaryProcesses(sensor: SensorSpec): ProcessSpec[] {
  const rows = sensor.os === 'windows' ? windows : sensor.os === 'macos' ? macos : linux;
  const taken = new Set(sensor.processes.map((process) => process.pid));
  return rows
    .filter(([pid]) => !taken.has(pid))
    .map(([pid, parent, path, isProtected, username, commandLine]) =>
      processSpecSchema.parse({
        path,
        pid,
        parent,
        username: username === 'user' && sensor.os === 'windows' ? `${sensor.hostname}\\user` : username,
        commandLine: commandLine ?? path,
        protected: isProtected,
        startedAgo: 7 * 86_400 - pid / 10,
        indexedAfter: 60,
      }),
    );
}
