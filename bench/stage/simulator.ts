import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
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

export type SimulatorSettings = {
  checkinSeconds: number;
  /** What differs from the benchmarks' own settings. */
  knobs?: Partial<Knobs>;
  /** False by default. */
  tls?: boolean;
} & ({ hosts: readonly Host[] } | { scenario: Scenario });

interface ReadyLine {
  url: string;
  token: string;
  ca: string | null;
}

/** A simulated Cb Response server in a process of its own, and what it saw. */
export class BenchSimulator {
  private constructor(
    private readonly child: Child,
    readonly url: string,
    readonly token: string,
    /** PEM file of its own certificate; `null` without TLS. */
    readonly caFile: string | null,
  ) {}

  get pid(): number {
    return this.child.pid;
  }

  static async start(o: SimulatorSettings): Promise<BenchSimulator> {
    const knobs: Partial<Knobs> = { commandLatencyMs: COMMAND_MS, ...o.knobs };
    const scenario = 'hosts' in o ? scenarioOf(o.hosts) : o.scenario;
    // Hosts with hundreds of processes are more than a command line takes.
    const options = join(emptyFolder(), 'options.json');
    writeFileSync(options, JSON.stringify({ scenario, checkinSeconds: o.checkinSeconds, tls: o.tls, knobs }));
    const main = fileURLToPath(new URL('./simulator-main.ts', import.meta.url));
    const child = new Child(process.execPath, ['--import', 'tsx', main, options], cleanEnv({}), projectRoot);
    const { url, token, ca } = JSON.parse(await child.line('stdout', /"url"/)) as ReadyLine;
    return new BenchSimulator(child, url, token, ca);
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
    const options = {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-auth-token': this.token, 'content-type': 'application/json' },
    };
    // Its certificate does not bear the host's name, as on a fresh server.
    const tls =
      this.caFile === null ? null : { ca: readFileSync(this.caFile), checkServerIdentity: () => undefined };
    const url = `${this.url}/simulator/${what}`;
    const sent = tls === null ? plain(url, options) : secure(url, { ...options, ...tls });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const said = await text(answer);
    if (answer.statusCode !== 200)
      throw new Error(`The simulator answered ${what} with ${answer.statusCode}.`);
    return JSON.parse(said) as T;
  }
}
