import type { Target } from './target.js';
import { baseName } from './base-name.js';

/** Without these a Windows, macOS or Linux host dies or loses its way back (hazards H5, H8). All lower case. */
const OPERATING_SYSTEM: Record<Target['osType'], readonly string[]> = {
  windows: [
    'system',
    'registry',
    'memcompression',
    'ntoskrnl.exe',
    'smss.exe',
    'csrss.exe',
    'wininit.exe',
    'winlogon.exe',
    'services.exe',
    'lsass.exe',
    'lsaiso.exe',
    'lsm.exe',
    'svchost.exe',
    'fontdrvhost.exe',
    'dwm.exe',
  ],
  macos: [
    'kernel_task',
    'launchd',
    'kextd',
    'opendirectoryd',
    'securityd',
    'windowserver',
    'loginwindow',
    'configd',
    'syspolicyd',
  ],
  linux: [
    'init',
    'systemd',
    'systemd-journald',
    'systemd-udevd',
    'systemd-logind',
    'systemd-networkd',
    'dbus-daemon',
    'kthreadd',
    'networkmanager',
  ],
  unknown: [],
};

/** The sensor's own processes: killing them would cut our only way to the host. All lower case. */
const SENSOR = [
  'cb.exe',
  'cbcomms.exe',
  'carbonblackk.sys',
  'cbedrcli.exe',
  'cbdaemon',
  'cbosxsensorservice',
  'cbsystemproxy',
  'cbagentd',
  'repmgr.exe',
];

const EVERYWHERE: readonly string[] = [
  ...new Set([...OPERATING_SYSTEM.windows, ...OPERATING_SYSTEM.macos, ...OPERATING_SYSTEM.linux]),
];

/** Folders an operating system starts its own programs from; the same name elsewhere is an impostor, and fair game. */
const SYSTEM_FOLDER =
  /^(?:\\\\[?.]\\|\\\?\?\\)?(?:[a-z]:\\windows\\|\\systemroot\\|%systemroot%\\|(?:globalroot)?\\device\\harddiskvolume\d+\\windows\\|\/usr\/|\/s?bin\/|\/lib(?:64|exec)?\/|\/system\/|\/library\/)/i;

/**
 * Why a process must never be killed, or `null`. Judged by base name in any case; of the operating system's names only
 * those without a folder or in one of the system's own count. `osType` null: not known yet, so every system's list counts.
 */
export function protectedProcessName(listed: string, osType: Target['osType'] | null): string | null {
  // Linux says so of a file that an upgrade has replaced under its process.
  const path = listed.replace(/ \(deleted\)$/, '');
  const name = baseName(path).toLowerCase();
  if (name === '') return null;
  if (SENSOR.includes(name)) return `${name} belongs to the Carbon Black sensor.`;
  const system = osType === null || osType === 'unknown' ? EVERYWHERE : OPERATING_SYSTEM[osType];
  const inSystemFolder = SYSTEM_FOLDER.test(path) || SYSTEM_FOLDER.test(path.replaceAll('/', '\\'));
  const impostor = /[\\/]/.test(path) && !inSystemFolder;
  if (impostor) return null;
  return system.includes(name) ? `${name} belongs to the operating system: the host dies without it.` : null;
}

/** As {@link protectedProcessName}, and pids that no kill may name: 0 and 4 on Windows, 0 and 1 elsewhere. */
export function protectedProcess(
  process: { pid: number; path: string },
  osType: Target['osType'],
): string | null {
  const pids = osType === 'windows' || osType === 'unknown' ? [0, 4] : [0, 1];
  if (osType === 'unknown' && process.pid === 1) return 'Pid 1 belongs to the operating system.';
  if (pids.includes(process.pid)) return `Pid ${process.pid} belongs to the operating system.`;
  return protectedProcessName(process.path, osType);
}
