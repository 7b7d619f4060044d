import { check } from './check.js';
import { requireMd5 } from './md5.js';
import { isPlaceholderGuid, normalGuid } from './process-guid.js';
import { processDetailSchema, searchPageSchema } from './process-schema.js';
import { quoted } from './search-query.js';
import type { Call, Transport } from './transport.js';
import type { CallOptions, ProcessRow, ProcessSearchResult } from './types.js';

const PATH = '/api/v1/process';
/** The server's own cap for `rows` by default; where it gives fewer, we go on from what came. */
const PAGE = 1000;
const MAX_PAGES = 100;

/** The process index (API reference 5). It lags by up to 15 minutes: absence proves nothing. */
export class Processes {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Null: not in the index (yet). */
  async byGuid(guid: string, o: CallOptions = {}): Promise<ProcessRow | null> {
    // 0 is every segment from 6.1 on; the first segment of older servers is 1.
    return (await this.#detail(guid, 0, o)) ?? (await this.#detail(guid, 1, o));
  }

  /** Every instance with exactly this base name in any case, on any host or on one. */
  async byName(
    name: string,
    q: { sensorId?: number } = {},
    o: CallOptions = {},
  ): Promise<ProcessSearchResult> {
    const found = await this.#search(`process_name:${quoted(name)}${onSensor(q.sensorId)}`, o);
    const wanted = name.toLowerCase();
    return { ...found, rows: found.rows.filter((row) => row.name.toLowerCase() === wanted) };
  }

  /** Every instance that ran this file, on any host or on one. */
  async byMd5(md5: string, q: { sensorId?: number } = {}, o: CallOptions = {}): Promise<ProcessSearchResult> {
    const wanted = requireMd5(md5, { method: 'GET', path: PATH });
    const found = await this.#search(`process_md5:${wanted.toLowerCase()}${onSensor(q.sensorId)}`, o);
    return { ...found, rows: found.rows.filter((row) => row.md5 === wanted) };
  }

  async #detail(guid: string, segment: number, o: CallOptions): Promise<ProcessRow | null> {
    const wanted = normalGuid(guid);
    const path = `${PATH}/${encodeURIComponent(wanted)}/${segment}`;
    const call: Call = { method: 'GET', path, accept: [404], ...o };
    const reply = await this.#transport.call(call);
    if (reply.status === 404 || reply.status === 204) return null;
    const row = check(processDetailSchema, reply.json(), call).process;
    return row == null || row.guid !== wanted || isPlaceholderGuid(row.guid) ? null : row;
  }

  async #search(q: string, o: CallOptions): Promise<ProcessSearchResult> {
    const rows = new Map<string, ProcessRow>();
    let incomplete = false;
    let start = 0;
    for (let page = 0; ; page++) {
      if (page === MAX_PAGES) return { rows: [...rows.values()], incomplete: true };
      // Oldest first: new rows come at the end, and no page moves while we read.
      const query = { q, rows: PAGE, start, sort: 'start asc', 'cb.urlver': 1 };
      const call: Call = { method: 'GET', path: PATH, query, ...o };
      const answer = check(searchPageSchema, (await this.#transport.call(call)).json(), call);
      incomplete ||= answer.incomplete_results === true;
      for (const row of answer.results) {
        if (!isPlaceholderGuid(row.guid)) rows.set(row.guid, merge(rows.get(row.guid), row));
      }
      start += answer.results.length;
      if (answer.results.length === 0 || start >= answer.total_results) break;
    }
    return { rows: [...rows.values()], incomplete };
  }
}

/** One process has a row a segment (API reference 5.3): what any of them knows, the process has. */
function merge(known: ProcessRow | undefined, row: ProcessRow): ProcessRow {
  if (known === undefined) return row;
  const terminated =
    known.terminated === true || row.terminated === true ? true : (row.terminated ?? known.terminated);
  return { ...row, md5: row.md5 ?? known.md5, start: known.start ?? row.start, terminated };
}

function onSensor(sensorId: number | undefined): string {
  return sensorId === undefined ? '' : ` sensor_id:${sensorId}`;
}
