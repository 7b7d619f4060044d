import type { Sensor } from '../cb-response/index.js';
import type { FrozenTarget } from '../contract/index.js';
import type { Deps } from './deps.js';
import { failure } from './failure.js';

/** A worker of another Cb server must never touch this target: one fleet's sensor 7 is another fleet's domain controller. */
export function sameServer(deps: Deps, target: Pick<FrozenTarget, 'server'>): void {
  if (deps.cb.serverName === target.server) return;
  throw failure(
    'WrongServer',
    `This run is about ${target.server}, and this worker talks to ${deps.cb.serverName}. ` +
      'Use one Temporal namespace for each Cb server, or set CB_SERVER_NAME alike on all workers of one server.',
  );
}

/** Reads the frozen sensor; one that was deleted or registered anew since is another host (hazard H16). */
export async function readSensor(deps: Deps, target: FrozenTarget, signal?: AbortSignal): Promise<Sensor> {
  sameServer(deps, target);
  const sensor = await deps.cb.sensors.get(target.sensorId, { signal });
  if (sensor === null) {
    throw failure('TargetChanged', `Sensor ${target.sensorId} (${target.hostname}) is not there any more.`);
  }
  if (target.registration !== null && sensor.registeredAt !== target.registration) {
    throw failure(
      'TargetChanged',
      `Sensor ${target.sensorId} (${target.hostname}) was registered anew at ${sensor.registeredAt}; this run is about ` +
        `the registration of ${target.registration}.`,
    );
  }
  return sensor;
}

/** Live sensors of exactly this name other than the frozen one (hazard H16). */
export async function otherSensorsOf(
  deps: Deps,
  target: FrozenTarget,
  signal?: AbortSignal,
): Promise<Sensor[]> {
  const match = await deps.cb.sensors.findExactlyOne({ hostname: target.hostname }, { signal });
  const found = match.kind === 'one' ? [match.sensor] : match.kind === 'several' ? match.candidates : [];
  return found.filter((s) => s.id !== target.sensorId && s.online && !s.uninstalled);
}
