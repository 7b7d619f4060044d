import type { Plan } from '../../contract/index.js';
import { columns, dateTime, section } from './table.js';

const ROWS = 20;

/** A plan for people: what it would do, to what exactly, what speaks against it, and its digest; its host is named above it. */
export function planLines(plan: Plan): string[] {
  const { selectors, steps, objections, processes, hashes, listed, notes, digest, at } = plan;
  return [
    ...section(
      'for',
      selectors.map((s) => Object.values(s).join(' and ')),
    ),
    ...section(
      'would',
      steps.length === 0 ? ['change nothing'] : cut(steps.map((s) => `${s.step}: ${s.effect}`)),
    ),
    ...section(
      'objections',
      objections.map((o) => `${o.type}: ${o.message} To settle it: ${o.settledBy}`),
    ),
    ...section('processes', processes.length > 0 ? cut(processLines(plan)) : [noneWords(plan, listed)]),
    ...section('hashes', cut(hashLines(hashes))),
    ...section('notes', notes),
    ...section('registered', [plan.target.registration ?? 'not known']),
    ...section('made', [dateTime(at)]),
    ...section('digest', [digest]),
  ];
}

function noneWords({ selectors }: Plan, listed: boolean): string {
  if (selectors.length === 0) return 'none asked for';
  return listed ? 'none alive' : 'not listed';
}

function processLines({ processes }: Plan): string[] {
  return columns(
    processes.map((p) => [
      p.outcome === 'protected' ? 'left alone' : 'kill',
      `pid ${p.pid}`,
      p.username ?? 'user unknown',
      `since ${dateTime(p.startedAt)}`,
      [
        p.path,
        p.md5 === null ? 'MD5 unknown' : `MD5 ${p.md5}`,
        p.commandLine,
        `GUID ${p.guid}`,
        p.parentGuid === null ? null : `parent ${p.parentGuid}`,
        p.outcome === 'protected' ? p.why : null,
      ]
        .filter((part) => part !== null)
        .join('  '),
    ]),
  );
}

function hashLines(hashes: Plan['hashes']): string[] {
  return columns(
    hashes.map((h) => [
      h.judgement === 'refuse' ? 'refuse' : h.ban?.enabled ? 'banned already' : 'ban',
      h.md5,
      h.signed ?? 'signature unknown',
      h.publisher ?? 'no publisher known',
      h.hostsSeen === null
        ? 'hosts unknown'
        : `${h.hostsSeen} host(s)${h.percentOfFleet === null ? '' : ` (${h.percentOfFleet} %)`}`,
      [
        h.firstSeen === null ? null : `first seen ${dateTime(h.firstSeen)}`,
        h.ban === null
          ? null
          : `${h.ban.enabled ? 'banned' : 'once banned'} by ${h.ban.username ?? 'somebody'}`,
        h.why,
      ]
        .filter((part) => part !== null)
        .join('; '),
    ]),
  );
}

function cut(lines: string[]): string[] {
  return lines.length <= ROWS
    ? lines
    : [...lines.slice(0, ROWS), `… and ${lines.length - ROWS} more (--json shows all)`];
}
