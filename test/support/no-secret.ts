import { CANARY, secretFinder, withoutReadyLines } from '../../scripts/find-secret.mjs';

const find = secretFinder([CANARY]);

/** Where in what a process printed the token of the tests' simulators stands, or `null`. */
export function secretIn(what: string, printed: { stdout: string; stderr: string }): string | null {
  for (const stream of ['stdout', 'stderr'] as const) {
    const found = find(withoutReadyLines(printed[stream]));
    const place = `${stream} of ${what.replaceAll(CANARY, '[secret]')}`;
    if (found !== null)
      return `A simulator's token was printed (${found.form}), on ${place}: …${found.around}…`;
  }
  return null;
}

/**
 * Every simulator of the tests takes the same token unless told otherwise, and nothing that a process printed may have it. Where
 * it does, the test file fails, whatever its tests say of it.
 */
export function failOnSecretIn(what: string, printed: { stdout: string; stderr: string }): void {
  const place = secretIn(what, printed);
  if (place === null) return;
  process.on('exit', () => {
    process.stderr.write(`${place}\n`);
    process.exitCode = 1;
  });
}
