import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDevServer, type DevServer } from '../../testing/index.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { emptyFolder } from '../../test/support/folders.js';
import type { Attacked } from './attack.js';
import { openHouse, type House } from './house.js';

/** How long Temporal stays away after a crash, ms. */
export const GONE_MS = 2_000;

/** A Temporal server that keeps everything in a file, and can die of SIGKILL and come back at its old address. */
export class MortalTemporal {
  private constructor(
    private server: DevServer,
    private readonly dbFilename: string,
  ) {}

  static async start(): Promise<MortalTemporal> {
    const dbFilename = join(emptyFolder(), 'temporal.db');
    return new MortalTemporal(await startDevServer({ dbFilename }), dbFilename);
  }

  get address(): string {
    return this.server.address;
  }

  async crash(goneMs: number): Promise<void> {
    await this.server.kill();
    await sleep(goneMs);
    const { port } = this.server;
    this.server = await startDevServer({ dbFilename: this.dbFilename, port, patienceMs: 60_000 });
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** Opens a house with a worker on a server that is the attack's to kill, and takes it all down in the end. */
export async function withTemporal(
  size: number,
  attack: (house: House, temporal: MortalTemporal, hosts: readonly Host[]) => Promise<Attacked[]>,
): Promise<Attacked[]> {
  const { hosts, scenario } = fleet(size);
  const temporal = await MortalTemporal.start();
  try {
    const house = await openHouse({ temporalAddress: temporal.address, scenario });
    try {
      const worker = await house.worker();
      const ends = await attack(house, temporal, hosts);
      if (!worker.isRunning) ends[0]?.wrong.push(`The worker ended: ${worker.stderr.slice(-500)}`);
      return ends;
    } finally {
      await house.close();
    }
  } finally {
    await temporal.stop();
  }
}
