import type { SimulatorState } from '../types.js';
import { expectedCheckin, lastCheckin, sensorStatus } from './grid.js';
import { about, running } from './processes.js';
import type { World } from './world.js';

export function snapshot(world: World): SimulatorState {
  return {
    now: world.now,
    sensors: [...world.sensors.values()]
      .filter((sensor) => !sensor.deleted)
      .map((sensor) => ({
        id: sensor.id,
        hostname: sensor.hostname,
        wish: sensor.wish,
        fact: sensor.reported,
        online: sensor.online,
        status: sensorStatus(world, sensor),
        lastCheckin: lastCheckin(world, sensor),
        nextCheckin: expectedCheckin(world, sensor),
        processes: running(sensor).map((process) => ({
          ...about(world, process),
          parentGuid: process.parentGuid,
          commandLine: process.commandLine,
          username: process.username,
          startedAt: process.startedAt,
        })),
      })),
    sessions: [...world.sessions.values()].map((session) => ({
      id: session.id,
      sensorId: session.sensorId,
      status: session.status,
      openedBy: session.openedBy,
      createdAt: session.createdAt,
      endedAt: session.endedAt,
    })),
    bans: [...world.bans.values()].map(({ md5, text, enabled, username }) => ({
      md5,
      text,
      enabled,
      username,
    })),
  };
}
