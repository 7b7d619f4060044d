import type { Sensor } from './model.js';

/** NetBIOS: on Windows no more than 15 characters, upper case; the whole name is in computer_dns_name. */
export function computerName(sensor: Sensor): string {
  return sensor.spec.os === 'windows' ? sensor.hostname.toUpperCase().slice(0, 15) : sensor.hostname;
}

export function sensorIp(sensor: Sensor): string {
  return sensor.spec.ip ?? `10.10.${(sensor.id >> 8) & 255}.${sensor.id & 255}`;
}
