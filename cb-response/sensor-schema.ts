import { z } from 'zod';
import { flag, flagOrNull, id, num, text, textOrNull } from './check.js';
import { firstRealAddress } from './network-adapters.js';
import { parseServerTime } from './times.js';
import type { OsType, Sensor } from './types.js';

const OS_TYPES: Readonly<Record<number, OsType>> = { 1: 'windows', 2: 'macos', 3: 'linux' };

/** The sensor object (API reference 3.4). Wish and fact must be there: nothing may be concluded without them. */
export const sensorSchema = z
  .object({
    id,
    computer_name: text,
    computer_dns_name: text,
    group_id: id,
    os_type: num.nullish(),
    os_environment_display_string: text,
    status: text,
    network_isolation_enabled: flag,
    is_isolating: flag,
    supports_isolation: flagOrNull,
    supports_cblr: flagOrNull,
    last_checkin_time: textOrNull,
    next_checkin_time: textOrNull,
    registration_time: textOrNull,
    boot_id: textOrNull,
    build_version_string: text,
    network_adapters: textOrNull,
    uninstalled: flagOrNull,
  })
  .transform((raw): Sensor => ({
    id: raw.id,
    computerName: raw.computer_name,
    dnsName: raw.computer_dns_name,
    groupId: raw.group_id,
    osType: osType(raw.os_type, raw.os_environment_display_string),
    os: raw.os_environment_display_string,
    status: raw.status,
    online: raw.status.toLowerCase() === 'online',
    wish: raw.network_isolation_enabled,
    fact: raw.is_isolating,
    supportsIsolation: raw.supports_isolation ?? false,
    supportsLiveResponse: raw.supports_cblr ?? false,
    lastCheckin: parseServerTime(raw.last_checkin_time),
    nextCheckin: parseServerTime(raw.next_checkin_time),
    registeredAt: raw.registration_time,
    bootId: raw.boot_id,
    buildVersion: raw.build_version_string,
    ip: firstRealAddress(raw.network_adapters),
    uninstalled: raw.uninstalled === true || /^uninstalled\b/i.test(raw.status),
  }));

/** GET /api/v1/sensor: an array; nothing at all (204) is an empty one. */
export const sensorListSchema = z
  .array(sensorSchema)
  .nullish()
  .transform((rows) => rows ?? []);

/** GET /api/v2/sensor (API reference 3.2). */
export const sensorPageSchema = z.object({ results: z.array(sensorSchema).default([]), total_results: id });

function osType(code: number | null | undefined, display: string): OsType {
  const known = OS_TYPES[code ?? 0];
  if (known !== undefined) return known;
  if (/windows/i.test(display)) return 'windows';
  if (/mac ?os|os x/i.test(display)) return 'macos';
  return /linux|centos|red ?hat|ubuntu|debian|suse/i.test(display) ? 'linux' : 'unknown';
}
