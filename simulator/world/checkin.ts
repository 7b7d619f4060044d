import { enforceBans } from './bans.js';
import { dispatch } from './commands.js';
import { goOffline, reboot } from './connectivity.js';
import { nextOnGrid } from './grid.js';
import type { Sensor } from './model.js';
import { activateSession, openSessions } from './sessions.js';
import type { World } from './world.js';

/** Whether a check-in of this sensor would change anything; most do not, and are not worked through. */
function matters(world: World, sensor: Sensor): boolean {
  if (wishToFollow(sensor) || sensor.isolating !== sensor.reported) return true;
  if (sensor.knownBansVersion !== world.bansVersion || sensor.restartQueued) return true;
  if (sensor.uninstallRequested) return true;
  for (const session of world.openSessions) {
    if (session.sensorId === sensor.id && session.status === 'pending') return true;
  }
  return sensor.gone;
}

function wishToFollow(sensor: Sensor): boolean {
  return sensor.wish !== sensor.isolating && sensor.spec.supportsIsolation;
}

/** For `World.checkins`. */
export function nextEffective(world: World, sensor: Sensor): number | null {
  if (!sensor.online || !matters(world, sensor)) return null;
  const after = Math.max(world.now - 1, sensor.checkedUpTo, sensor.onlineSince - 1);
  return nextOnGrid(world, sensor, after);
}

/** The sensor talks to the server: wish, sessions, bans. */
export function checkIn(world: World, sensor: Sensor): void {
  if (sensor.gone) return goOffline(world, sensor);
  sensor.checkedUpTo = world.now;
  const reported = sensor.isolating;
  if (wishToFollow(sensor)) {
    sensor.isolating = sensor.wish;
    world.record({ effect: sensor.wish ? 'isolated' : 'released', sensorId: sensor.id, ...sensor.wishBy });
  }
  sensor.reported = world.knobs.factReporting === 'same-checkin' ? sensor.isolating : reported;
  if (sensor.knownBansVersion !== world.bansVersion) enforceBans(world, sensor);
  for (const session of openSessions(world)) {
    if (session.sensorId !== sensor.id || session.status !== 'pending') continue;
    activateSession(world, session);
    dispatch(world, session, sensor);
  }
  if (sensor.uninstallRequested) {
    sensor.uninstalled = true;
    sensor.gone = true;
    goOffline(world, sensor);
  } else if (sensor.restartQueued) {
    sensor.restartQueued = false;
    reboot(world, sensor);
  }
}
