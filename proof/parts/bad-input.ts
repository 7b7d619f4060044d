import { setTimeout as sleep } from 'node:timers/promises';
import { allRuns, createDevServerEnvironment, type DevServerEnvironment } from '../../testing/index.js';
import { Draw } from '../bad-input/draw.js';
import { FAMILIES } from '../bad-input/families.js';
import { libraryCases, runLibraryCases } from '../bad-input/library.js';
import { type Finding, runCliCases } from '../bad-input/run-cli.js';
import { runStarts } from '../bad-input/starts.js';
import { type PartResult, type ProofOptions, type ProofPart, replayCommand, type Row } from '../part.js';

const REQUESTS = 80;
const STARTS = 60;
const PROMISE =
  'one clear error with what to do next, exit code 2, nothing started, no stack trace, no secret';
/** Such a run is Temporal's before anybody has looked at its request. */
const START_PROMISE = 'the run closes at once as InvalidRequest, with each mistake in words; nothing is done';

export const badInput: ProofPart = {
  name: 'bad-input',
  about: 'generated bad requests, policies, profiles, scenarios, environments and command lines',
  inCi: true,
  run: async (o) => {
    // One token for all: whatever the environment or a file holds, no answer may repeat it.
    const secret = new Draw(o.seed, 'secret').hex(40);
    const env = await createDevServerEnvironment({ scenario: 'evil-sticky-notes', token: secret });
    try {
      return await attack(env, o, secret);
    } finally {
      await env.close();
    }
  },
};

async function attack(env: DevServerEnvironment, o: ProofOptions, secret: string): Promise<PartResult> {
  const around = { temporalAddress: env.server.address, cbUrl: env.simulator.url, secret };
  const rows: Row[] = [];
  const found: Finding[] = [];
  const count = (what: string, tried: number, findings: readonly Finding[], promise = PROMISE): void => {
    if (tried === 0) return;
    found.push(...findings);
    rows.push({
      attack: `Bad input: ${what}`,
      promise,
      tried,
      held: tried - findings.length,
      measured: '',
    });
    o.log(`${what}: ${tried} tried, ${findings.length} objections`);
  };

  for (const family of FAMILIES) {
    const { tried, findings } = await runCliCases([family], { seed: o.seed, n: o.n, only: o.only, around });
    count(`${family.name} by command line`, tried, findings);
  }
  const cases = libraryCases(env.playbook, around, { seed: o.seed, requests: o.n ?? REQUESTS });
  const chosen = cases.filter(({ name }) => o.only === null || o.only === name);
  count('by library', chosen.length, await runLibraryCases(chosen, secret));

  // Visibility of a dev server is behind by moments.
  await sleep(1_000);
  const started = await allRuns(env.client, env.namespace);
  const runs = started.map(({ workflowId }) => `a run was started: ${workflowId}`);
  const starts = await runStarts(env, { seed: o.seed, count: o.n ?? STARTS, only: o.only });
  count('by a plain start of the workflow', starts.tried, starts.findings, START_PROMISE);

  const changes = env.simulator.journal().filter(({ method }) => method !== 'GET');
  const asked = changes.map(({ method, path }) => `the Cb server was asked: ${method} ${path}`);
  const violations = [
    ...found.map(({ name, what, objections, seen }) => ({
      what: `${name} (${what}): ${objections.join('; ')}. ${seen}`,
      replay: replayCommand('bad-input', o, name),
    })),
    ...[...runs, ...asked].map((what) => ({
      what,
      replay: `npm run proof -- --part bad-input --seed ${o.seed}`,
    })),
  ];
  return { rows, violations, data: { findings: found, runs, asked } };
}
