import type { Context } from '@temporalio/activity';
import { baseName, type HashLookup, type HashResult } from '../contract/index.js';
import type { Deps } from './deps.js';
import { sameServer } from './frozen.js';
import { samePath } from './kill/match.js';
import { slowFact } from './slow-fact.js';

/**
 * Until the index knows the hash of one instance; it lags by minutes (API reference 5.3). At the deadline another start of
 * the same path on the same sensor counts, then nothing.
 */
export async function awaitHash(deps: Deps, context: Context, input: HashLookup): Promise<HashResult> {
  const { target, guid, path } = input;
  sameServer(deps, target);
  const o = { signal: context.cancellationSignal };
  const { met, seen, at } = await slowFact(
    deps,
    context,
    input,
    `the index to know ${baseName(path)}`,
    async () => {
      const row = await deps.cb.processes.byGuid(guid, o);
      return { met: row !== null && row.md5 !== null, seen: row?.md5 ?? null };
    },
  );
  if (met) return { md5: seen, by: 'guid', at };
  // With its ` (deleted)`, on Linux: what was put in the place of a deleted file may be another program, an update of it even.
  const { rows } = await deps.cb.processes.byName(baseName(path), { sensorId: target.sensorId }, o);
  const same = rows.filter((row) => row.md5 !== null && samePath(row.path, path, target.osType));
  const latest = same.sort((a, b) => (b.start ?? '').localeCompare(a.start ?? ''))[0];
  return latest === undefined ? { md5: null, by: null, at } : { md5: latest.md5, by: 'path', at };
}
