import type { Process, Sensor } from './model.js';
import { running } from './processes.js';
import type { World } from './world.js';

/** One form for each path: Windows knows neither case nor the kind of slash. */
export function pathKey(sensor: Sensor, path: string): string {
  return sensor.spec.os === 'windows' ? path.replaceAll('/', '\\').toLowerCase() : path;
}

/** Content of a file on the host's disk, or undefined. */
export function readDisk(world: World, sensor: Sensor, path: string): Buffer | undefined {
  const key = pathKey(sensor, path);
  const file = sensor.files.get(key);
  if (file === undefined) return undefined;
  return typeof file === 'string' ? world.file(file).content : file;
}

export function runsFrom(sensor: Sensor, path: string): Process | undefined {
  const key = pathKey(sensor, path);
  return running(sensor).find((process) => pathKey(sensor, process.path) === key);
}

/** Files and folders directly in a folder, as the host's disk has them. */
export function listFolder(
  world: World,
  sensor: Sensor,
  folder: string,
): { filename: string; size: number; isFolder: boolean }[] | undefined {
  const separator = sensor.spec.os === 'windows' ? '\\' : '/';
  const stem = pathKey(sensor, folder).replace(/\*$/, '');
  const prefix = stem.endsWith(separator) ? stem : stem + separator;
  const found = new Map<string, { filename: string; size: number; isFolder: boolean }>();
  for (const [path, file] of sensor.files) {
    if (!path.startsWith(prefix)) continue;
    const [name = '', ...below] = path.slice(prefix.length).split(separator);
    const size = typeof file === 'string' ? world.file(file).content.length : file.length;
    if (below.length > 0) found.set(name, { filename: name, size: 0, isFolder: true });
    else found.set(name, { filename: name, size, isFolder: false });
  }
  return found.size === 0 ? undefined : [...found.values()];
}
