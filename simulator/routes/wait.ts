import type { World } from '../world/world.js';

/** Holds a request until this is so, at most as long as the proxy in front would. */
export async function waitUntil(
  world: World,
  isDone: () => boolean,
  dueAt: () => number | null = () => null,
): Promise<boolean> {
  const limit = world.now + world.knobs.proxyLimitMs;
  while (!isDone()) {
    if (world.now >= limit) return false;
    const step = (dueAt() ?? world.now + 250) - world.now;
    await world.clock.sleep(Math.max(1, Math.min(step, 250, limit - world.now)));
    await world.tick();
  }
  return true;
}
