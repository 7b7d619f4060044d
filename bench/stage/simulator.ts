import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  Act,
  JournalEntry,
  Knobs,
  LedgerEntry,
  Scenario,
  SensorState,
  SimulatorState,
} from '../../simulator/index.js';
import { Child } from '../../test/support/child.js';
import { emptyFolder } from '../../test/support/folders.js';
import { cleanEnv, projectRoot } from '../../test/support/worker-process.js';
import { type Host, scenarioOf } from './hosts.js';

/** Latency of one Live Response command, ms: of recorded ones it was 60 to 110 (API reference 16.2). */
export const COMMAND_MS = 80;

/** A simulated Cb Response server in a process of its own, and what it saw. */
export class BenchSimulator {
  private constructor(
    private readonly child: Child,
    readonly url: string,
    readonly token: string,
  ) {}

  get pid(): number {
    return this.child.pid;
  }

  static async start(
    o: { checkinSeconds: number } & ({ hosts: readonly Host[] } | { scenario: Scenario }),
  ): Promise<BenchSimulator> {
    const knobs: Partial<Knobs> = { commandLatencyMs: COMMAND_MS };
    const scenario = 'hosts' in o ? scenarioOf(o.hosts) : o.scenario;
    // Hosts with hundreds of processes are more than a command line takes.
    const options = join(emptyFolder(), 'options.json');
    writeFileSync(options, JSON.stringify({ scenario, checkinSeconds: o.checkinSeconds, knobs }));
    const main = fileURLToPath(new URL('./simulator-main.ts', import.meta.url));
    const child = new Child(process.execPath, ['--import', 'tsx', main, options], cleanEnv({}), projectRoot);
    const { url, token } = JSON.parse(await child.line('stdout', /"url"/)) as { url: string; token: string };
    return new BenchSimulator(child, url, token);
  }

  journal(): Promise<JournalEntry[]> {
    return this.ask('journal');
  }

  ledger(): Promise<LedgerEntry[]> {
    return this.ask('ledger');
  }

  /** Effects on one host, in order of their time. */
  async ledgerOf(sensorId: number): Promise<LedgerEntry[]> {
    const all = await this.ledger();
    return all.filter((entry) => entry.sensorId === sensorId);
  }

  async sensors(): Promise<Map<string, SensorState>> {
    const { sensors } = await this.ask<SimulatorState>('state');
    return new Map(sensors.map((sensor) => [sensor.hostname, sensor]));
  }

  async closeSession(sessionId: number): Promise<void> {
    await this.act('closeSession', [sessionId]);
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }

  private async act(name: keyof Act, args: unknown[]): Promise<void> {
    await this.ask('act', JSON.stringify({ name, args }));
  }

  private async ask<T>(what: string, body?: string): Promise<T> {
    const answer = await fetch(`${this.url}/simulator/${what}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-auth-token': this.token, 'content-type': 'application/json' },
      body,
    });
    if (!answer.ok) throw new Error(`The simulator answered ${what} with ${answer.status}.`);
    return (await answer.json()) as T;
  }
}
