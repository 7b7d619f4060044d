import type { Command } from 'commander';
import type { Output } from './output.js';
import { type Done, json } from './program-leases.js';
import { addRequestFlags, collect } from './program-request.js';
import type { ExplainFlags } from './verbs/policy.js';

/** Flags of `contain` on guard rails. */
export function addPolicyFlags(command: Command): void {
  command
    .option('--policy <file>', "a policy beside the worker's own; the stricter of both wins")
    .option(
      '--override <rule>',
      'a rule that this containment overrides, with --reason: protected-host, prevalent-ban, disabled-ban, limits; may be repeated',
      collect,
    )
    .option('--ban-prevalent', 'ban hashes that many hosts have (--override prevalent-ban), with --reason');
}

/** `policy check` and `policy explain`: they touch no host, and ask neither Temporal nor the Cb server. */
export function addPolicyVerbs(program: Command, output: Output, done: Done): void {
  const policy = program
    .command('policy')
    .description('Guard rails: check a policy file, and see what it would do.');
  json(
    policy
      .command('check')
      .description('Check a policy file; every mistake is told with its line. Exits 0 or 2.')
      .argument('<file>', 'a policy file (YAML)'),
  ).action(async (file: string) => {
    const { checkPolicyFile } = await import('./verbs/policy.js');
    done(await checkPolicyFile(file, output));
  });
  const explain = policy
    .command('explain')
    .description('Tell what the guard rails would do with a containment, without starting it.');
  addRequestFlags(explain);
  addPolicyFlags(explain);
  json(explain).action(async (flags: ExplainFlags) => {
    const verbs = await import('./verbs/policy.js');
    done(await verbs.explain(flags, output));
  });
}
