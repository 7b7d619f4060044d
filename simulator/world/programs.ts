/** What `create process` starts, and the files every host has for it (API reference 4.5). */
import type { SensorSpec } from '../scenario.js';
import { pathKey } from './files.js';
import type { Sensor } from './model.js';
import { baseName } from './processes.js';
import type { World } from './world.js';

/** Small programs on the disk of every ordinary host. */
export const ordinaryFiles: Record<SensorSpec['os'], string[]> = {
  windows: ['c:\\windows\\system32\\ping.exe', 'c:\\windows\\system32\\cmd.exe'],
  macos: ['/bin/sleep', '/bin/chmod', '/bin/sh'],
  linux: ['/bin/sleep', '/bin/chmod', '/bin/sh', '/usr/bin/sleep', '/usr/bin/chmod'],
};

/** `binary` names the content; null: nothing that could be told from the path alone is known of it. */
export interface Program {
  path: string;
  binary: string | null;
  /** Its bytes came by `put file`. */
  uploaded: boolean;
}

/** The program of a command line as the host's disk has it, or why it does not start. */
export function programOf(
  world: World,
  sensor: Sensor,
  commandLine: string,
): Program | 'not-found' | 'denied' {
  const parts = /^"([^"]+)"|^(\S+)/.exec(commandLine);
  const path = parts?.[1] ?? parts?.[2];
  if (path === undefined) return 'not-found';
  // A bare name is looked for along the host's PATH, which nobody models.
  if (!/[\\/]/.test(path)) return { path, binary: null, uploaded: false };
  const key = pathKey(sensor, path);
  const file = sensor.files.get(key);
  if (file === undefined) return 'not-found';
  if (typeof file === 'string') return { path, binary: file, uploaded: false };
  // What a root service writes may not be run until somebody says so [INF].
  if (sensor.spec.os !== 'windows' && !sensor.executable.has(key)) return 'denied';
  if (sensor.spec.uploaded.starts === 'refused') return 'denied';
  return { path, binary: world.addContent(file), uploaded: true };
}

/** `chmod MODE PATH`: true where the command line is one. */
export function changedMode(sensor: Sensor, commandLine: string, path: string): boolean {
  if (sensor.spec.os === 'windows' || baseName(path) !== 'chmod') return false;
  const target = /\s\S+\s+(?:"([^"]+)"|'([^']+)'|(\S+))\s*$/.exec(commandLine);
  const named = target?.[1] ?? target?.[2] ?? target?.[3];
  if (named !== undefined) sensor.executable.add(pathKey(sensor, named));
  return true;
}
