import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadyLine } from '../../worker/index.js';
import type { Child } from '../../test/support/child.js';
import { spawnWorker } from '../../test/support/worker-process.js';
import { waitFor } from '../../test/support/wait-for.js';
import { freePort } from '../../testing/index.js';
import type { Look } from './look.js';

export interface WatchedWorker {
  child: Child;
  ready: ReadyLine;
  /** Looks at all that a worker shows while it runs, ends it by an error that nobody caught, and looks at that. */
  lookAndCrash(look: Look): Promise<void>;
}

/** A worker that logs all it can, and writes a diagnostic report at SIGUSR2. */
export async function startWatchedWorker(o: {
  folder: string;
  token: string;
  env: NodeJS.ProcessEnv;
  temporalAddress: string;
  profile?: string;
}): Promise<WatchedWorker> {
  const reports = join(o.folder, 'reports');
  mkdirSync(reports);
  writeFileSync(join(o.folder, 'crash-with'), o.token);
  const crash = fileURLToPath(new URL('./crash.mjs', import.meta.url));
  const metricsPort = await freePort();
  const child = spawnWorker({
    // Where a profile is named, the environment has neither.
    simulator: { url: '', token: '' },
    temporalAddress: o.temporalAddress,
    metricsPort,
    ...(o.profile === undefined ? {} : { profile: o.profile }),
    env: {
      NODE_OPTIONS: `--report-on-signal --report-uncaught-exception --report-directory=${reports} --import=${crash}`,
      PROOF_CRASH_FILE: join(o.folder, 'crash-with'),
      CB_PLAYBOOK_LOG_LEVEL: 'trace',
      CB_PLAYBOOK_EVIDENCE_DIR: join(o.folder, 'evidence'),
      ...o.env,
    },
  });
  const ready = JSON.parse(await child.line('stdout', /"ready":true/, { timeoutMs: 60_000 })) as ReadyLine;
  return {
    child,
    ready,
    lookAndCrash: async (look) => {
      const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      if (!metrics.includes('temporal_')) throw new Error('No metrics were served.');
      look.at('process', 'metrics', metrics);
      look.at('process', 'arguments', readFileSync(`/proc/${child.pid}/cmdline`));
      child.signal('SIGUSR2');
      const report = await waitFor('a diagnostic report', () => {
        const [name] = readdirSync(reports).filter((file) => file.endsWith('.json'));
        const text = name === undefined ? '' : readFileSync(join(reports, name), 'utf8');
        return text.trimEnd().endsWith('}') && text.includes('"environmentVariables"') ? text : null;
      });
      look.at('process', 'diagnostic report, and the environment that a child inherits', report);
      child.signal('SIGWINCH');
      const { code } = await child.exited;
      if (code !== 1 || !/Nobody caught this/.test(child.stderr))
        throw new Error(`The worker did not end by the error that nobody caught: ${code}`);
      look.at(
        'process',
        'crash output',
        child.stderr.slice(child.stderr.indexOf('Nobody caught this') - 2_000),
      );
      for (const name of readdirSync(reports)) look.at('process', name, readFileSync(join(reports, name)));
    },
  };
}
