import { baseName } from '../../contract/base-name.js';
import type { Receipt } from '../../contract/index.js';
import type { ServerEffect, ServerFacts } from './server-facts.js';

/** Every claim of the receipt that the server's own account does not bear out, a sentence each. */
export function contradictions(receipt: Receipt, facts: ServerFacts): string[] {
  return [
    ...ofIsolation(receipt, facts),
    ...ofProcesses(receipt, facts),
    ...ofBans(receipt, facts),
    ...ofSessions(receipt, facts),
  ];
}

function ofIsolation({ target, isolation, hostState }: Receipt, facts: ServerFacts): string[] {
  const said = hostState.fact === true || /^(already-)?isolated$/.test(isolation.outcome);
  if (target === null || !said) return [];
  const last = lastOf(facts, ['isolated', 'released'], (e) => e.sensorId === target.sensorId);
  const never = isolation.outcome === 'isolated' && last?.effect !== 'isolated';
  return never || sensorOf(target.sensorId, facts)?.fact !== true
    ? [`${target.hostname} is not isolated.`]
    : [];
}

function ofProcesses({ target, processes, hostState, request }: Receipt, facts: ServerFacts): string[] {
  const running = target === null ? [] : (sensorOf(target.sensorId, facts)?.processes ?? []);
  const killed = facts.effects.filter((e) => e.effect === 'killed' && e.sensorId === target?.sensorId);
  const wrong = new Set<string>();
  for (const { guid, pid, outcome } of processes) {
    if (outcome === 'killed' && !killed.some((e) => same(e.guid, guid))) {
      wrong.add(`pid ${pid} was not killed.`);
    }
    const dead = outcome === 'killed' || outcome === 'already-gone';
    if (dead && running.some((p) => same(p.guid, guid))) wrong.add(`pid ${pid} is alive.`);
  }
  for (const { guid, pid, path } of killed) {
    if (!processes.some((p) => same(p.guid, guid))) wrong.add(`pid ${pid} (${path}) was killed, unsaid.`);
  }
  // Matches that the receipt does not know of at all: it says that none is left.
  const fold = (name: string): string => (target?.osType === 'windows' ? name.toLowerCase() : name);
  for (const { path } of hostState.liveMatches === 0 ? running : []) {
    if (fold(baseName(path)) === fold(request.processName ?? '')) wrong.add(`${path} is alive.`);
  }
  return [...wrong];
}

function ofBans({ bans }: Receipt, facts: ServerFacts): string[] {
  return bans
    .filter(({ md5, outcome }) => {
      if (outcome !== 'banned' && outcome !== 'already-banned') return false;
      const last = lastOf(facts, ['banned', 'unbanned'], (e) => same(e.md5, md5));
      const never = outcome === 'banned' && last?.effect !== 'banned';
      return never || !facts.bans.some((ban) => ban.enabled && same(ban.md5, md5));
    })
    .map(({ md5 }) => `${md5} is not banned.`);
}

function ofSessions({ target, sessions }: Receipt, { effects }: ServerFacts): string[] {
  const ended = new Set(effects.filter((e) => /^session-(closed|timeout)$/.test(e.effect)).map(idOf));
  const opened = effects.filter((e) => e.effect === 'session-opened');
  const here = opened.filter((e) => e.sensorId === target?.sensorId).map(idOf);
  const leftOpen = new Set<number | undefined>(sessions.filter((s) => !s.closed).map((s) => s.id));
  return [
    ...here.filter((id) => !ended.has(id) && !leftOpen.has(id)).map((id) => `session ${id} is open.`),
    ...sessions
      .filter((s) => s.ours && !opened.some((e) => e.sessionId === s.id))
      .map((s) => `session ${s.id} was never opened.`),
  ];
}

const idOf = (effect: ServerEffect): number | undefined => effect.sessionId;

function sensorOf(id: number, facts: ServerFacts): ServerFacts['sensors'][number] | undefined {
  return facts.sensors.find((sensor) => sensor.id === id);
}

function lastOf(
  { effects }: ServerFacts,
  kinds: readonly string[],
  which: (effect: ServerEffect) => boolean,
): ServerEffect | undefined {
  return effects.filter((e) => kinds.includes(e.effect) && which(e)).at(-1);
}

/** The server writes GUIDs and hashes in small letters, receipts a hash in capitals. */
function same(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a.toLowerCase() === b?.toLowerCase();
}
