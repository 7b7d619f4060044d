import assert from 'node:assert/strict';
import type { Effect, LedgerEntry } from '../../../simulator/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';

/** What a run has left behind on one sensor, as the server itself has it. */
export interface Aftermath {
  wish: boolean;
  fact: boolean;
  /** Base names and pids of matching processes that live. */
  alive: number;
  /** Hashes of those given that are banned now, upper case. */
  banned: string[];
  /** Live Response sessions of ours that are neither closed nor timed out. */
  openSessions: number[];
}

const ENDED = new Set(['close', 'closed', 'timeout']);

export async function aftermath(
  env: PlaybookTestEnvironment,
  sensorId: number,
  o: { path: string; md5s: readonly string[] },
): Promise<Aftermath> {
  const state = await env.simulator.state();
  const sensor = state.sensors.find((s) => s.id === sensorId);
  assert.ok(sensor, `sensor ${sensorId} is in the scenario`);
  return {
    wish: sensor.wish,
    fact: sensor.fact,
    alive: sensor.processes.filter((p) => p.path === o.path).length,
    banned: state.bans
      .filter((b) => b.enabled)
      .map((b) => b.md5.toUpperCase())
      .filter((md5) => o.md5s.includes(md5)),
    openSessions: state.sessions
      .filter((s) => s.sensorId === sensorId && !ENDED.has(s.status))
      .map((s) => s.id),
  };
}

/** What happened on one sensor, in order; bans too, which belong to none. */
export async function effectsOn(
  env: PlaybookTestEnvironment,
  sensorId: number,
  which: readonly Effect[],
): Promise<LedgerEntry[]> {
  const ledger = await env.simulator.ledger();
  return ledger.filter((e) => which.includes(e.effect) && (e.sensorId ?? sensorId) === sensorId);
}
