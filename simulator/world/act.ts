/** `Simulator.act`: what happens on hosts and in the console without the client. */
import { processSpecSchema } from '../scenario.js';
import type { Act } from '../types.js';
import { setBan } from './bans.js';
import { addSensor } from './build.js';
import { postCommand } from './commands.js';
import { comeOnline, goOffline, reboot } from './connectivity.js';
import { pathKey } from './files.js';
import type { Sensor, Session } from './model.js';
import { endProcess, startProcess } from './processes.js';
import { endSession, openSession, openSessions } from './sessions.js';
import { setWish } from './wish.js';
import type { World } from './world.js';

export function actOn(world: World): Act {
  const sensor = (id: number): Sensor => {
    const found = world.sensors.get(id);
    if (!found)
      throw new Error(`There is no sensor ${id}; known are ${[...world.sensors.keys()].join(', ')}.`);
    return found;
  };
  const session = (id: number): Session => {
    const found = world.sessions.get(id);
    if (!found) throw new Error(`There is no Live Response session ${id}.`);
    return found;
  };
  const at = async <T>(what: () => T): Promise<T> => {
    await world.tick();
    return what();
  };
  return {
    goOffline: (id) => at(() => goOffline(world, sensor(id))),
    comeOnline: (id) => at(() => comeOnline(world, sensor(id))),
    reboot: (id) => at(() => reboot(world, sensor(id))),
    reinstall: (id) =>
      at(() => {
        const old = sensor(id);
        goOffline(world, old);
        old.gone = true;
        old.bootId++;
        const spec = { ...old.spec, registeredAgo: 0, isolated: false, onlineFrom: undefined };
        const fresh = addSensor(world, spec, world.nextSensorId++);
        world.record({ effect: 'reinstalled', sensorId: fresh.id, detail: `was sensor ${id}` });
        return fresh.id;
      }),
    deleteSensor: (id) =>
      at(() => {
        const gone = sensor(id);
        goOffline(world, gone);
        gone.deleted = true;
        world.record({ effect: 'sensor-deleted', sensorId: id });
      }),
    startProcess: (id, process) =>
      at(() => {
        const host = sensor(id);
        const { pid, parentGuid, ...rest } = process;
        const started = startProcess(world, host, processSpecSchema.parse(rest), { pid, parentGuid });
        if (!started) throw new Error(`A ban that sensor ${id} knows of blocks ${process.path}.`);
        sensor(id).files.set(pathKey(host, started.path), started.binary);
        return started.guid;
      }),
    endProcess: (guid) =>
      at(() => {
        const process = world.process(guid);
        if (!process) throw new Error(`There is no process ${guid}.`);
        endProcess(world, process, 'process-ended');
      }),
    setWish: (id, wish, by) => at(() => setWish(world, sensor(id), wish, { by })),
    openSessionAs: (id, user, checkInTimeoutS) =>
      at(() => {
        const open = openSessions(world).find((other) => other.sensorId === sensor(id).id);
        return (open ?? openSession(world, { sensorId: id, openedBy: user, checkInTimeoutS }, { by: user }))
          .id;
      }),
    commandAs: (id, command, user) => at(() => postCommand(world, session(id), command, user).id),
    closeSession: (id, by = 'analyst') => at(() => endSession(world, session(id), 'close', { by })),
    addBan: (md5, by, text) => at(() => void setBan(world, md5, text, true, by, {})),
    disableBan: (md5, by = 'analyst') => at(() => void setBan(world, md5, '', false, by, {})),
    indexNow: (guid) =>
      at(() => {
        const process = world.process(guid);
        if (!process) throw new Error(`There is no process ${guid}.`);
        process.indexedAt = Math.min(process.indexedAt ?? world.now, world.now);
        if (process.endedAt !== null)
          process.endIndexedAt = Math.min(process.endIndexedAt ?? world.now, world.now);
        world.record({ effect: 'indexed', sensorId: process.sensorId, guid, pid: process.pid });
      }),
    revokeToken: () =>
      at(() => {
        world.tokenRevoked = true;
        world.record({ effect: 'token-revoked' });
      }),
    turn: (knobs) => at(() => void Object.assign(world.knobs, knobs)),
  };
}
