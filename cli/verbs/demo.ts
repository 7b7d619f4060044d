import { EXIT, exitCodeOf } from '../../contract/verdict.js';
import { findTemporalBinaries, howToInstall, packageRoot } from '../../scripts/temporal-binaries.mjs';
import { BadInputError } from '../bad-input.js';
import { type Child, startVerb } from '../demo/children.js';
import { demoFiles } from '../demo/database.js';
import { startDevServer } from '../demo/dev-server.js';
import { tellOfServer } from '../demo/on-the-server.js';
import { demoRequest } from '../demo/requests.js';
import { followRun } from '../follow.js';
import type { Output } from '../output.js';
import { receiptText } from '../text/receipt.js';

export interface DemoFlags {
  scenario: string;
  keep?: true;
}

/**
 * `cb-playbook demo`: everything on this machine, as processes of their own, with the real clock. Leaves no process
 * and no file behind; exits with the verdict of its one containment, or 1 where the server's own ledger says otherwise.
 */
export async function demo(flags: DemoFlags, output: Output): Promise<number> {
  const request = demoRequest(flags.scenario);
  const temporal = findTemporalBinaries().cli;
  if (temporal === null) {
    throw new BadInputError(
      'The Temporal CLI is not here.',
      'The program "temporal".',
      howToInstall(['cli']),
    );
  }
  const stop = onSignals();
  const files = demoFiles(packageRoot(), Date.now());
  const children: Child[] = [];
  let verdictExit: number | null = null;
  const keepChild = (child: Child): Child => {
    children.push(child);
    return child;
  };
  try {
    return await Promise.race([stop.happened.then((code) => verdictExit ?? code), show()]);
  } finally {
    for (const child of children.reverse()) await child.stop();
    files.remove();
    stop.dispose();
  }

  async function show(): Promise<number> {
    output.note('Starting a Temporal dev server, a simulated Cb Response server and a worker …');
    const simulator = keepChild(
      startVerb('simulator', ['simulator', '--scenario', flags.scenario, '--check-in', '5s'], process.env),
    );
    const [server, cb] = await Promise.all([
      startDevServer(temporal as string, files, keepChild),
      Promise.race([simulator.ready, simulator.died]),
    ]);
    const env = { ...server.env, CBAPI_URL: String(cb['url']), CBAPI_TOKEN: String(cb['token']) };
    const worker = keepChild(startVerb('worker', ['worker'], env));
    await Promise.race([worker.ready, worker.died]);
    output.note(`Temporal Web: ${server.webUrl} · simulator: ${env.CBAPI_URL} · sensors check in every 5 s`);
    try {
      const { receipt } = await Promise.race([
        followRun(server.playbook, request, { output, wait: true, signal: stop.signal }),
        ...children.map((child) => child.died),
      ]);
      if (receipt === null) return 1;
      output.answer(receipt, `\n${receiptText(receipt)}`);
      const told = tellOfServer(receipt, { url: env.CBAPI_URL, token: env.CBAPI_TOKEN }, output);
      const agrees = await Promise.race([told, ...children.map((child) => child.died)]);
      verdictExit = agrees ? exitCodeOf(receipt) : EXIT.anythingElse;
      if (flags.keep) await keepUp(env, children, output);
      return verdictExit;
    } finally {
      await server.playbook.close();
    }
  }
}

async function keepUp(env: NodeJS.ProcessEnv, children: readonly Child[], output: Output): Promise<void> {
  output.note(
    [
      '',
      'Everything stays up until Ctrl-C. In another terminal:',
      `  export TEMPORAL_ADDRESS=${env['TEMPORAL_ADDRESS']} CBAPI_URL=${env['CBAPI_URL']} CBAPI_TOKEN=${env['CBAPI_TOKEN']}`,
      '  npx cb-playbook doctor',
    ].join('\n'),
  );
  await Promise.race(children.map((child) => child.died));
}

/** Resolves with the exit code when the demo is told to stop. */
function onSignals(): { happened: Promise<number>; signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  const removers: (() => void)[] = [];
  const happened = new Promise<number>((resolve) => {
    for (const name of Object.keys(codes) as (keyof typeof codes)[]) {
      const stop = (): void => {
        resolve(codes[name]);
        controller.abort();
      };
      process.on(name, stop);
      removers.push(() => process.removeListener(name, stop));
    }
  });
  return { happened, signal: controller.signal, dispose: () => removers.forEach((remove) => remove()) };
}
