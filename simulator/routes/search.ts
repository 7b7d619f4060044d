import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { binaryRows } from '../search/binaries.js';
import type { Row } from '../search/evaluate.js';
import { QuerySyntaxError } from '../search/query.js';
import { allRows, countOf, processRows } from '../search/rows.js';
import { first, searchRows, type SearchParameters } from '../search/search.js';
import type { Process, Sensor } from '../world/model.js';
import type { World } from '../world/world.js';
import { bodyOf, listWithoutRight, param, queryOf, text } from './reply.js';

/** Searches of processes and binaries (API reference 5 and 6). */
export function searchRoutes(app: FastifyInstance, world: World): void {
  for (const method of ['GET', 'POST'] as const) {
    const parameters = (request: FastifyRequest): SearchParameters =>
      method === 'GET' ? (request.query as SearchParameters) : bodyOf(request);
    app.route({
      method,
      url: '/api/v1/process',
      handler: (request, reply) => processSearch(world, parameters(request), reply),
    });
    app.route({
      method,
      url: '/api/v1/binary',
      handler: (request, reply) => binarySearch(world, parameters(request), reply),
    });
  }
  app.get('/api/v1/process/host/count', (request, reply) => {
    const md5 = (queryOf(request, 'md5') ?? '').toLowerCase();
    const { hosts, documents, processes, allProcesses } = countOf(world, md5);
    return reply.send({
      hostCount: hosts,
      globalCount: world.sensors.size,
      numDocs: documents,
      processCount: processes,
      processTotal: allProcesses,
    });
  });
  app.get('/api/v1/process/:guid/segment', (request, reply) => {
    const found = find(world, request);
    if (!found) return notFound(request, reply);
    const results = found.rows.map(({ id, segment_id, unique_id }) => ({ id, segment_id, unique_id }));
    return reply.send({ process: { segments: { results } } });
  });
  app.get('/api/v1/process/:guid/:segment', (request, reply) => {
    const found = find(world, request);
    return found ? reply.send(family(world, found)) : notFound(request, reply);
  });
  app.get('/api/v2/process/:guid/:segment', (request, reply) => {
    const found = find(world, request);
    return found ? reply.send(found.row) : notFound(request, reply);
  });
  for (const version of [1, 2, 3, 4, 5]) {
    app.get(`/api/v${version}/process/:guid/:segment/event`, (request, reply) => {
      const found = find(world, request);
      return found ? reply.send({ process: { ...found.row }, elapsed: 0.01 }) : notFound(request, reply);
    });
  }
  app.get('/api/v1/binary/:md5/summary', (request, reply) => {
    const md5 = param(request, 'md5').toUpperCase();
    const row = binaryRows(world, md5.toLowerCase()).find((binary) => binary.md5 === md5);
    return row ? reply.send({ ...row, icon: '' }) : text(reply, 404, `Binary ${md5} not found`);
  });
}

function malformed(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof QuerySyntaxError)) throw error;
  return reply.code(400).send({ reason: 'query_malformed_syntax', message: error.message });
}

function processSearch(world: World, parameters: SearchParameters, reply: FastifyReply): FastifyReply {
  const envelope = {
    comprehensive_search: true,
    all_segments: true,
    tagged_pids: {},
    incomplete_results: false,
    filtered: {},
  };
  const { knobs } = world;
  if (!knobs.rights.view) {
    return listWithoutRight(reply, knobs, {
      ...envelope,
      terms: [],
      results: [],
      elapsed: 0.01,
      total_results: 0,
      highlights: [],
      facets: {},
      start: 0,
    });
  }
  try {
    // Before 6 a process had one row however many segments it had.
    const grouped = !world.traits.immutableDocuments || first(parameters['cb.group']) === 'id';
    const { results, total, start, facets, terms } = searchRows(
      (query) => allRows(world, query),
      parameters,
      {
        now: world.now,
        maxRows: knobs.maxSearchResultRows,
        defaultSort: 'last_update desc',
        groupBy: grouped ? 'id' : null,
      },
    );
    return reply.send({
      ...envelope,
      terms,
      results,
      elapsed: 0.01,
      total_results: total,
      highlights: [],
      facets,
      start,
    });
  } catch (error) {
    return malformed(reply, error);
  }
}

function binarySearch(world: World, parameters: SearchParameters, reply: FastifyReply): FastifyReply {
  try {
    const { results, total, start, facets, terms } = searchRows(() => binaryRows(world), parameters, {
      now: world.now,
      maxRows: world.knobs.maxSearchResultRows,
      defaultSort: 'server_added_timestamp desc',
      groupBy: null,
    });
    return reply.send({ terms, total_results: total, highlights: [], facets, results, elapsed: 0.01, start });
  } catch (error) {
    return malformed(reply, error);
  }
}

interface Found {
  sensor: Sensor;
  process: Process;
  rows: Row[];
  row: Row;
}

/** By GUID and segment; segment 0 stands for all of them from 6.1 on, 1 for the first of 5.x. */
function find(world: World, request: FastifyRequest): Found | undefined {
  const guid = param(request, 'guid').toLowerCase();
  const process = world.process(guid.slice(0, 36));
  const sensor = process && world.sensors.get(process.sensorId);
  if (!process || !sensor || !world.knobs.rights.view) return undefined;
  const rows = processRows(world, sensor, process);
  const wanted = param(request, 'segment') || '0';
  const any = world.traits.immutableDocuments ? wanted === '0' || wanted === '1' : false;
  const row = any ? rows.at(-1) : rows.find((candidate) => String(candidate.segment_id) === wanted);
  if (rows.length === 0) return undefined;
  if (row) return { sensor, process, rows, row };
  return param(request, 'segment') ? undefined : { sensor, process, rows, row: rows[0]! };
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return text(reply, 404, `Process ${param(request, 'guid')} not found`);
}

function family(world: World, { sensor, process, row }: Found): Record<string, unknown> {
  const last = (of: Process): Row | undefined => processRows(world, sensor, of).at(-1);
  const all = sensor.processes;
  const parent = all.find((other) => other.guid === process.parentGuid);
  const rowsOf = (processes: Process[]): Row[] => processes.map(last).filter((found) => found !== undefined);
  return {
    process: row,
    parent: (parent && last(parent)) ?? {},
    children: rowsOf(all.filter((other) => other.parentGuid === process.guid)),
    siblings: rowsOf(all.filter((other) => other !== process && other.parentGuid === process.parentGuid)),
  };
}
