import { baseName } from './base-name.js';
import { PROCESS_GUID } from './host-name.js';
import type { ProcessSelector } from './request.js';
import { type RequestFields as Fields, show } from './request-fields.js';

const NAME_LIMIT = 255;
const PATH_LIMIT = 4_096;

/** What is to be killed: each of its keys must hold. `null`: nothing is named. */
export function checkSelector(fields: Fields): ProcessSelector | null {
  const selector: ProcessSelector = {};
  const name = fields.text('processName', NAME_LIMIT, 'The base name of a program, e.g. vnc.exe.');
  if (name !== null) {
    if (/[*?]/.test(name))
      fields.wrong('processName', 'It has a wildcard.', 'One exact base name, e.g. vnc.exe.');
    else if (/[\\/]/.test(name))
      fields.wrong('processName', 'It is a path.', 'A base name; a path goes into processPath.');
    else selector.name = name;
  }
  const path = fields.text('processPath', PATH_LIMIT, 'The full path of a program.');
  if (path !== null) {
    // Windows' own prefix for long paths is none.
    if (/[*?]/.test(path.replace(/^\\\\\?\\/, '')))
      fields.wrong('processPath', 'It has a wildcard.', 'One exact path.');
    else if (baseName(path) === '')
      fields.wrong('processPath', 'It ends in a slash.', 'A path that ends in a base name.');
    else if (!/[\\/]/.test(path))
      fields.wrong('processPath', 'It is a base name.', 'A full path; a base name goes into processName.');
    else selector.path = path;
  }
  const md5 = fields.text('processMd5', NAME_LIMIT, '32 hex digits.');
  if (md5 !== null) {
    if (/^[0-9a-f]{32}$/i.test(md5)) selector.md5 = md5.toUpperCase();
    else
      fields.wrong(
        'processMd5',
        `It has ${md5.length} characters or others than hex digits.`,
        '32 hex digits.',
      );
  }
  const guid = fields.text('processGuid', NAME_LIMIT, 'A process GUID, 8-4-4-4-12 hex digits.');
  if (guid !== null) {
    if (PROCESS_GUID.test(guid)) selector.guid = guid.toLowerCase();
    else
      fields.wrong(
        'processGuid',
        `${show(guid)} is no process GUID.`,
        'A process GUID, 8-4-4-4-12 hex digits.',
      );
  }
  return Object.keys(selector).length > 0 ? selector : null;
}
