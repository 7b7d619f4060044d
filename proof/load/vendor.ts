import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVIL, type Host } from '../../bench/stage/hosts.js';
import { BenchSimulator } from '../../bench/stage/simulator.js';
import { usageOf } from '../../bench/measure/usage.js';
import { pythonClient } from '../../test/fidelity/python-client.js';
import { Child } from '../../test/support/child.js';
import { emptyFolder } from '../../test/support/folders.js';
import { cleanEnv } from '../../test/support/worker-process.js';
import { CHECKIN_S } from './fleet.js';
import { doneTimes, type SessionUse, sessionUse } from './sessions.js';

export interface VendorRun {
  /** All jobs ended, s; `null`: it was stopped before. */
  totalS: number | null;
  /** When each host's last kill was, s after the first job was submitted. */
  doneS: number[];
  /** Exceptions of jobs. */
  failed: string[];
  sessions: SessionUse;
  requests: number;
  cpuS: { client: number; simulator: number };
}

/** The same fleet by jobs of the vendor's client, ten workers, on a fresh simulator; or why it cannot be had here. */
export async function runVendor(
  hosts: readonly Host[],
  patienceMs: number,
): Promise<VendorRun | { missing: string }> {
  const client = pythonClient();
  if ('missing' in client) return client;
  const simulator = await BenchSimulator.start({ hosts, checkinSeconds: CHECKIN_S, tls: true });
  try {
    const credentials = join(emptyFolder(), 'credentials.response');
    const lines = ['[simulator]', `url=${simulator.url}`, `token=${simulator.token}`];
    lines.push(`ssl_cert_file=${simulator.caFile}`, 'ssl_verify_hostname=false', '');
    writeFileSync(credentials, lines.join('\n'), { mode: 0o600 });
    const script = fileURLToPath(new URL('./jobs.py', import.meta.url));
    const child = new Child(client.python, [script, credentials, EVIL, String(hosts.length)], cleanEnv({}));
    const { started } = JSON.parse(await child.line('stdout', /"started"/)) as { started: number };
    const ended = await child
      .line('stdout', /"ended"/, { timeoutMs: patienceMs, everyMs: 200 })
      .catch((error: unknown) => {
        if (!child.isRunning) throw error;
        return null;
      });
    const clientMs = usageOf(child.pid).cpuMs;
    if (ended === null) await child.kill();
    else await child.exited;
    const ledger = await simulator.ledger();
    const said = ended === null ? null : (JSON.parse(ended) as { ended: number; failed: string[] });
    return {
      totalS: said === null ? null : (said.ended - started) / 1_000,
      doneS: doneTimes(ledger, started),
      failed: said?.failed ?? [],
      sessions: sessionUse(ledger),
      requests: (await simulator.journal()).length,
      cpuS: { client: clientMs / 1_000, simulator: usageOf(simulator.pid).cpuMs / 1_000 },
    };
  } finally {
    await simulator.stop();
  }
}
