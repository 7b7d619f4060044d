import { repeatable } from '../ids.js';
import { serverLocalTime } from '../times.js';
import { expectedCheckin, lastCheckin, sensorStatus } from '../world/grid.js';
import { computerName, sensorIp } from '../world/host-names.js';
import type { Sensor } from '../world/model.js';
import type { World } from '../world/world.js';

const systems = {
  windows: { type: 1, id: 1, text: 'Windows 7 Professional Service Pack 1, 64-bit' },
  macos: { type: 2, id: 2, text: 'Mac OSX 10.15.7' },
  linux: { type: 3, id: 3, text: 'Linux CentOS 7.9.2009' },
};

function computerSid(world: World, sensor: Sensor): string {
  const part = (n: number): number => repeatable('sid', sensor.hostname, n);
  if (sensor.spec.os === 'windows') return `S-1-5-21-${part(1)}-${part(2)}-${part(3)}`;
  const machine = [1, 2, 3, 4].map((n) => part(n).toString(16).padStart(8, '0')).join('');
  return sensor.spec.os === 'linux' && world.traits.sensorExtras ? `${machine}\n` : machine;
}

function adapters(world: World, sensor: Sensor): string {
  const mac = (0x00155d000000 + sensor.id).toString(16).padStart(12, '0');
  const loopback = sensor.spec.os === 'linux' && world.traits.sensorExtras ? '127.0.0.1,000000000000|' : '';
  return `${loopback}${sensorIp(sensor)},${mac}|`;
}

/** The 51 keys of the recording (API reference 3.4), and on 7.x some more. */
export function sensorObject(world: World, sensor: Sensor): Record<string, unknown> {
  const { spec } = sensor;
  const time = (ms: number | null): string | null =>
    ms === null ? null : serverLocalTime(ms, world.knobs.serverUtcOffsetMinutes);
  const last = lastCheckin(world, sensor);
  const uptime = String(Math.max(0, Math.floor((world.now - sensor.bootedAt) / 1000)));
  const noEmet = spec.os !== 'windows' && world.traits.sensorExtras;
  const emet = (value: string): string | null => (noEmet ? null : value);
  const system = systems[spec.os];
  return {
    systemvolume_total_size: '21367877632',
    emet_telemetry_path: emet(''),
    os_environment_display_string: spec.osName ?? system.text,
    emet_version: emet(''),
    emet_dump_flags: emet(''),
    clock_delta: '0',
    supports_cblr: spec.supportsLiveResponse,
    sensor_uptime: uptime,
    last_update: time(last),
    physical_memory_size: '1073274880',
    build_id: 11,
    uptime,
    is_isolating: sensor.reported,
    event_log_flush_time: null,
    computer_dns_name: sensor.dnsName,
    emet_report_setting: emet(' (Locally configured)'),
    id: sensor.id,
    emet_process_count: 0,
    emet_is_gpo: false,
    power_state: 0,
    network_isolation_enabled: sensor.wish,
    uninstalled: sensor.uninstalled ? true : null,
    systemvolume_free_size: '4437213184',
    status: sensorStatus(world, sensor),
    num_eventlog_bytes: '33200',
    sensor_health_message: sensor.online ? 'Healthy' : 'Elevated memory usage',
    build_version_string: spec.buildVersion ?? world.traits.sensorBuild,
    computer_sid: computerSid(world, sensor),
    next_checkin_time: time(expectedCheckin(world, sensor)),
    node_id: 0,
    cookie: repeatable('cookie', sensor.id) % 2_000_000_000,
    emet_exploit_action: emet(' (Locally configured)'),
    computer_name: computerName(sensor),
    license_expiration: '1990-01-01 00:00:00-06:00',
    supports_isolation: spec.supportsIsolation,
    parity_host_id: '0',
    supports_2nd_gen_modloads: false,
    network_adapters: adapters(world, sensor),
    sensor_health_status: sensor.online ? 100 : 95,
    registration_time: time(sensor.registeredAt),
    restart_queued: sensor.restartQueued,
    notes: sensor.notes,
    num_storefiles_bytes: '0',
    os_environment_id: system.id,
    shard_id: 0,
    boot_id: String(sensor.bootId),
    last_checkin_time: time(last),
    os_type: system.type,
    group_id: sensor.groupId,
    display: true,
    uninstall: sensor.uninstallRequested,
    ...(world.traits.sensorExtras
      ? { last_server_cert_id: 1, current_reg_id: sensor.id, last_checkin_status: 'ok' }
      : {}),
  };
}
