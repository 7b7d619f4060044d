import { dispatch, suspend } from './commands.js';
import { lastCheckin } from './grid.js';
import type { Sensor } from './model.js';
import { endProcess, running, startProcess, upload } from './processes.js';
import { openSessions, sensorFellSilent, touchSession } from './sessions.js';
import type { World } from './world.js';

export function goOffline(world: World, sensor: Sensor): void {
  if (!sensor.online) return;
  sensor.lastSeen = lastCheckin(world, sensor);
  sensor.online = false;
  world.record({ effect: 'went-offline', sensorId: sensor.id });
  for (const session of openSessions(world)) if (session.sensorId === sensor.id) suspend(session);
  sensorFellSilent(world, sensor);
}

/** Reachable again; its next check-in is the next one on its grid. */
export function comeOnline(world: World, sensor: Sensor): void {
  if (sensor.online || sensor.deleted || sensor.uninstalled) return;
  sensor.online = true;
  sensor.gone = false;
  sensor.onlineSince = world.now;
  world.record({ effect: 'came-online', sensorId: sensor.id });
  upload(world, sensor);
  for (const session of openSessions(world)) {
    if (session.sensorId !== sensor.id || session.status !== 'active' || session.lost) continue;
    touchSession(world, session);
    dispatch(world, session, sensor);
  }
}

/**
 * The host restarts: active sessions lose their sensor, processes start anew with new GUIDs,
 * and an old Windows sensor comes up without isolation until it checks in (API reference 3.6).
 */
export function reboot(world: World, sensor: Sensor): void {
  world.record({ effect: 'rebooted', sensorId: sensor.id });
  goOffline(world, sensor);
  for (const session of openSessions(world)) {
    if (session.sensorId === sensor.id && session.status === 'active') session.lost = true;
  }
  const before = running(sensor);
  for (const process of before) endProcess(world, process, 'process-ended');
  // Only now: what would follow the death of these processes belongs to the boot that has ended.
  sensor.bootId++;
  if (sensor.spec.os === 'windows' && sensor.spec.rebootDropsIsolation && sensor.isolating) {
    sensor.isolating = false;
    world.record({ effect: 'released', sensorId: sensor.id, detail: 'lost at reboot' });
  }
  const boot = sensor.bootId;
  world.schedule(world.now + world.knobs.rebootMs, () => {
    if (sensor.bootId !== boot || sensor.gone || sensor.deleted) return;
    sensor.bootedAt = world.now;
    const kept = before.filter((process) => process.spec.startsAfter === undefined);
    for (const { spec, pid } of kept) startProcess(world, sensor, spec, { pid });
    comeOnline(world, sensor);
  });
}
