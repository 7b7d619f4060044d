import { baseName } from './base-name.js';
import { sensorIdOfGuid } from './host-name.js';
import type { CheckedRequest } from './request.js';
import type { RequestFields as Fields } from './request-fields.js';

/** What no key alone can say: that they go together, and ask for something. */
export function checkWhole(
  fields: Fields,
  r: Pick<CheckedRequest, 'selector' | 'isolate' | 'kill' | 'banScope' | 'banMd5'> & {
    host: { sensorId: number | null };
  },
): void {
  if (fields.mistakes.length > 0) return;
  if (r.kill && r.selector === null) {
    fields.wrong(
      '',
      'It names no process.',
      'processName, processPath, processMd5 or processGuid; or kill: false to leave processes alone.',
    );
  }
  if (r.banScope === 'name' && !r.selector?.name && !r.selector?.path) {
    fields.wrong(
      'banScope',
      '"name" bans every hash seen under a process name, and none is given.',
      'processName or processPath beside it.',
    );
  }
  if (!r.isolate && !r.kill && r.banMd5.length === 0 && r.banScope !== 'name') {
    fields.wrong(
      '',
      'It asks for nothing: no isolation, no kill, no ban.',
      'At least one of isolate, kill, banMd5.',
    );
  }
  const guidSensor = r.selector?.guid ? sensorIdOfGuid(r.selector.guid) : null;
  if (guidSensor !== null && r.host.sensorId !== null && guidSensor !== r.host.sensorId) {
    fields.wrong(
      'processGuid',
      `It belongs to sensor ${guidSensor}, and sensorId is ${r.host.sensorId}.`,
      'A GUID of a process on that sensor.',
    );
  }
  if (
    r.selector?.name &&
    r.selector.path &&
    baseName(r.selector.path).toLowerCase() !== r.selector.name.toLowerCase()
  ) {
    fields.wrong(
      'processPath',
      'Its base name is not processName: nothing could match both.',
      'A path that ends in processName.',
    );
  }
}
