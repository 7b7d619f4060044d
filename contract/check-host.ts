import { hostForm, isHostForm } from './host-name.js';
import { type RequestFields as Fields, show } from './request-fields.js';

const NAME_LIMIT = 255;

export function checkHost(fields: Fields): { hostname: string | null; sensorId: number | null } {
  let hostname: string | null = null;
  let sensorId: number | null = null;
  const expectedHost = 'The exact name of one host, e.g. win7pro64 or win7pro64.corp.example; no wildcard.';
  const text = fields.text('hostname', NAME_LIMIT, expectedHost);
  if (text !== null) {
    // Lower-casing turns a few letters of other alphabets into plain ones; a host name has none of them.
    if (/^[ -~]*$/.test(text) && isHostForm(hostForm(text))) hostname = text.replace(/\.$/, '');
    else fields.wrong('hostname', `${show(text)} cannot be the name of one host.`, expectedHost);
  }
  if (fields.has('sensorId')) {
    const value = fields.get('sensorId');
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) sensorId = value;
    else fields.wrong('sensorId', `It is ${show(value)}.`, 'A whole number above 0: the id of one sensor.');
  }
  if (!fields.has('hostname') && !fields.has('sensorId')) {
    fields.wrong('', 'It names no host.', 'hostname, sensorId, or both agreeing.');
  }
  return { hostname, sensorId };
}
