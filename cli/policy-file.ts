import type { Mistake, Policy } from '../contract/index.js';

type FileMistake = Mistake & { file: string; line: number | null };

/** A policy file that cannot be used: one line a mistake, each with its place. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
  readonly code = 'InvalidPolicy';
  readonly expected = null;
  readonly next = 'Correct the file (docs/policy.md); nothing was started.';
  constructor(
    lines: readonly string[],
    private readonly mistakes: readonly FileMistake[],
  ) {
    const [first, ...others] = lines;
    super(others.length === 0 ? first : ['the policy has mistakes:', ...lines].join('\n  '));
  }

  toJSON(): object {
    return { mistakes: this.mistakes };
  }
}

/**
 * The policy of a file, and what the file says itself; the reader, and YAML with it, is loaded only here.
 * @throws {@link PolicyFileError}
 */
export async function policyOf(
  file: string,
): Promise<{ policy: Policy; raw: Record<string, unknown>; digest: string }> {
  const { describeFileMistake, policyDigest, readPolicyFile } = await import('../worker/policy-file.js');
  const read = readPolicyFile(file);
  if (!read.ok) throw new PolicyFileError(read.mistakes.map(describeFileMistake), read.mistakes);
  return { policy: read.policy, raw: read.raw, digest: policyDigest(read.policy) };
}

export async function policyDigestOf(policy: Policy): Promise<string> {
  const { policyDigest } = await import('../worker/policy-file.js');
  return policyDigest(policy);
}
