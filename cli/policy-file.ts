import type { Mistake, Policy } from '../contract/index.js';

type FileMistake = Mistake & { file: string; line: number | null };

/** Of mistakes, in words: more than these are read one screen after the other, as they are corrected. */
const MOST_TOLD = 14;
const MOST_LISTED = 100;

/** A policy file that cannot be used: one line a mistake, each with its place. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
  readonly code = 'InvalidPolicy';
  readonly expected: string;
  readonly next = 'Correct the file (docs/policy.md); nothing was started.';
  constructor(
    lines: readonly string[],
    private readonly mistakes: readonly FileMistake[],
  ) {
    const [first, ...others] = lines.slice(0, MOST_TOLD);
    if (lines.length > MOST_TOLD) others.push(`… and ${lines.length - MOST_TOLD} more`);
    super(others.length === 0 ? first : ['the policy has mistakes:', first, ...others].join('\n  '));
    this.expected = [...new Set(mistakes.map((m) => m.expected))].slice(0, 10).join(' | ');
  }

  toJSON(): object {
    return { mistakes: this.mistakes.slice(0, MOST_LISTED) };
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
