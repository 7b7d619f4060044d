import { searchTime } from '../times.js';
import { computerName } from '../world/host-names.js';
import { baseName } from '../world/processes.js';
import type { World } from '../world/world.js';
import type { Row } from './evaluate.js';

/** What the server knows of each binary that some host reported (API reference 6), or of those with one hash (lower case). */
export function binaryRows(world: World, md5: string | null = null): Row[] {
  const seen = new Map<
    string,
    { paths: Set<string>; hosts: Map<number, string>; groups: Set<string>; at: number; os: string }
  >();
  /** In the order in which binaries were first seen. */
  const ids = new Map<string, number>();
  for (const sensor of world.sensors.values()) {
    for (const process of sensor.processes) {
      if (process.indexedAt === null || process.indexedAt > world.now) continue;
      if (!ids.has(process.binary)) ids.set(process.binary, ids.size + 1);
      if (md5 !== null && world.file(process.binary).md5 !== md5) continue;
      const known = seen.get(process.binary) ?? {
        paths: new Set<string>(),
        hosts: new Map<number, string>(),
        groups: new Set<string>(),
        at: process.indexedAt,
        os: sensor.spec.os === 'windows' ? 'Windows' : sensor.spec.os === 'macos' ? 'OSX' : 'Linux',
      };
      known.paths.add(process.path);
      known.hosts.set(sensor.id, `${computerName(sensor)}|${sensor.id}`);
      known.groups.add(world.group(sensor.groupId)?.name ?? '');
      known.at = Math.min(known.at, process.indexedAt);
      seen.set(process.binary, known);
    }
  }
  return [...seen].map(([binary, known]) => {
    const spec = world.binaries[binary];
    const file = world.file(binary);
    const paths = [...known.paths];
    const ofSystem =
      !world.isAdded(binary) &&
      paths.every((path) => /^c:\\windows\\|^\/usr\/|^\/sbin\/|^\/System\//.test(path));
    const result = spec?.signed ?? (ofSystem ? 'Signed' : 'Unsigned');
    const publisher =
      spec?.publisher ?? (ofSystem && known.os === 'Windows' ? 'Microsoft Corporation' : undefined);
    const name = baseName(paths[0] ?? binary);
    const added = searchTime(known.at);
    const signer =
      publisher && result !== 'Unsigned'
        ? { digsig_publisher: publisher, digsig_sign_time: searchTime(world.startedAt - 90 * 86_400_000) }
        : {};
    return {
      host_count: spec?.hostCount ?? known.hosts.size,
      original_filename: name,
      legal_copyright: publisher ? `© ${publisher}. All rights reserved.` : '(unknown)',
      digsig_result: result,
      observed_filename: paths,
      product_version: '1.0.0.0',
      watchlists: [],
      facet_id: ids.get(binary),
      copied_mod_len: file.content.length,
      server_added_timestamp: added,
      ...signer,
      orig_mod_len: file.content.length,
      is_executable_image: true,
      is_64bit: true,
      md5: file.md5.toUpperCase(),
      ...(world.traits.sha256 ? { sha256: file.sha256.toUpperCase() } : {}),
      endpoint: [...known.hosts.values()],
      group: [...known.groups],
      event_partition_id: [99389710794752],
      digsig_result_code: result === 'Signed' ? '0' : '2148204800',
      file_version: '1.0.0.0',
      signed: result,
      company_name: publisher ?? '(unknown)',
      internal_name: name,
      timestamp: added,
      cb_version: 600,
      os_type: known.os,
      file_desc: spec?.description ?? name,
      product_name: spec?.product ?? spec?.description ?? name,
      last_seen: searchTime(world.now),
      ...(spec?.trusted ? { alliance_score_srstrust: -100 } : {}),
    };
  });
}
