import type { FastifyInstance } from 'fastify';
import type { Group } from '../world/model.js';
import type { World } from '../world/world.js';
import { html, param, text } from './reply.js';

/** Server information and groups (API reference 2 and 3.8). */
export function infoRoutes(app: FastifyInstance, world: World): void {
  app.get('/api/info', async () => info(world));
  app.get('/api/v1/license', async () => ({
    license_valid: true,
    license_end_date: '2030-01-01',
    licensed_sensor_count: 1000,
    actual_sensor_count: world.sensors.size,
  }));
  app.get('/api/v1/dashboard/statistics', async () => ({ storage_statistics: {}, sensor_statistics: {} }));
  app.get('/api/v1/storage/events/partition', (_request, reply) => {
    if (!world.traits.immutableDocuments) return html(reply, 404);
    return reply.send(partitions(world));
  });
  const list = async (): Promise<unknown[]> => world.groups.map(groupObject);
  app.get('/api/group', list);
  app.get('/api/v3/group', list);
  app.get('/api/v3/group/:id', (request, reply) => {
    const group = world.group(Number(param(request, 'id')));
    return group
      ? reply.send([groupObject(group)])
      : text(reply, 404, `Group ${param(request, 'id')} not found`);
  });
  app.get('/api/group/:id', (request, reply) => {
    const group = world.group(Number(param(request, 'id')));
    return group
      ? reply.send(groupObject(group))
      : text(reply, 404, `Group ${param(request, 'id')} not found`);
  });
}

function info(world: World): Record<string, unknown> {
  const { traits, knobs } = world;
  const modern = {
    immutable_documents: true,
    event_exclusions: false,
    thirdparty_sharing: false,
    ipv6_support: true,
  };
  const features = !traits.immutableDocuments
    ? { thirdparty_sharing: false }
    : traits.sensorExtras
      ? { ...modern, event_purge_api: false, display_query_duration: true }
      : modern;
  return {
    ...(traits.immutableDocuments ? { user_preferences: {} } : {}),
    ...(traits.sensorExtras
      ? {
          cbServerSSLCertStrictCheck: false,
          cb_server_cert_expiration_warning: false,
          showGdprBanner: false,
          binarySharingKillSwitch: null,
        }
      : {}),
    binaryPageSize: 10,
    maxSearchResultRows: knobs.maxSearchResultRows,
    binaryOrder: '',
    liveResponseAutoAttach: true,
    timestampDeltaThreshold: 5,
    linuxInstallerExists: true,
    maxRowsSolrReportQuery: 10_000,
    osxInstallerExists: true,
    version_release: traits.versionRelease,
    version: traits.version,
    banningEnabled: knobs.banningEnabled,
    cblrEnabled: knobs.liveResponseEnabled,
    processOrder: '',
    processPageSize: 10,
    vdiGloballyEnabled: false,
    searchExportCount: 1000,
    cloud_install: false,
    features,
  };
}

function partitions(world: World): Record<string, unknown> {
  const name = 'cbevents_writer';
  const startDate = new Date(world.startedAt - 3 * 86_400_000).toISOString();
  const documents = [...world.sensors.values()].reduce((sum, sensor) => sum + sensor.processes.length, 0);
  return {
    [name]: {
      name,
      status: 'hot',
      info: {
        sizeInBytes: documents * 1000,
        startDate,
        partitionId: 99389710794752,
        endDate: new Date(world.now).toISOString(),
        deletedDocs: 0,
        maxDoc: documents,
        userMounted: false,
        isLegacy: false,
        segmentCount: 8,
        numDocs: documents,
        dir: `/var/cb/data/solr5/cbevents/${name}`,
        schema: 'cbevents_v1',
      },
    },
  };
}

function groupObject(group: Group): Record<string, unknown> {
  return {
    id: group.id,
    name: group.name,
    banning_enabled: group.bansEnforced,
    tamper_level: 0,
    isolation_exclusions: [],
    alert_criticality: 3,
    sensor_version_windows: 'Manual',
    sensor_version_osx: 'Manual',
    sensor_version_linux: 'Manual',
    collect_processes: true,
    collect_netconns: true,
    collect_filemods: true,
    collect_regmods: true,
    collect_moduleloads: true,
    sensorbackend_server: 'https://127.0.0.1:443',
    site_id: 1,
    site_name: 'Default Site',
  };
}
