import type { Ban, Sensor } from './model.js';
import { endProcess, noteBlock, running } from './processes.js';
import type { Cause, World } from './world.js';

/** Adds a ban or enables it again. */
export function setBan(
  world: World,
  md5: string,
  text: string,
  enabled: boolean,
  by: string,
  cause: Cause,
): Ban {
  const key = md5.toLowerCase();
  let ban = world.bans.get(key);
  if (!ban) {
    ban = {
      md5,
      text,
      enabled: false,
      username: by,
      createdAt: world.now,
      blockCount: 0,
      lastBlockAt: null,
      lastBlockHostname: null,
      lastBlockSensorId: null,
      audit: [],
    };
    world.bans.set(key, ban);
  }
  const changed = ban.enabled !== enabled;
  ban.text = text;
  ban.enabled = enabled;
  ban.username = by;
  ban.audit.push({ username: by, at: world.now, text, enabled });
  if (changed) {
    world.bansVersion++;
    world.record({ effect: enabled ? 'banned' : 'unbanned', md5: key, by, detail: text, ...cause });
  }
  return ban;
}

/** At check-in the sensor learns the bans in force and stops what already runs. */
export function enforceBans(world: World, sensor: Sensor): void {
  sensor.knownBansVersion = world.bansVersion;
  sensor.knownBans = new Set([...world.bans].filter(([, ban]) => ban.enabled).map(([md5]) => md5));
  if (!world.group(sensor.groupId)?.bansEnforced || !world.knobs.banningEnabled) return;
  for (const process of running(sensor)) {
    const { md5 } = world.file(process.binary);
    if (!sensor.knownBans.has(md5)) continue;
    noteBlock(world, sensor, md5);
    if (process.spec.protected || process.spec.kill !== 'ends') continue;
    endProcess(world, process, 'ban-enforced');
  }
}
