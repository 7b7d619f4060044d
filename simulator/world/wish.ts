import type { Sensor } from './model.js';
import type { Cause, World } from './world.js';

/** Records the wish; the sensor learns of it at its next check-in. */
export function setWish(world: World, sensor: Sensor, wish: boolean, cause: Cause): void {
  if (sensor.wish === wish) return;
  sensor.wish = wish;
  sensor.wishBy = cause;
  world.record({ effect: wish ? 'wish-set' : 'wish-cleared', sensorId: sensor.id, ...cause });
}
