import type { Output } from '../output.js';
import type { Progress } from './progress.js';

/** A moving list on a terminal, plain lines otherwise. */
export async function openProgress(output: Output): Promise<Progress> {
  if (output.live) {
    const { liveProgress } = await import('./live.js');
    return liveProgress();
  }
  const { plainProgress } = await import('./plain.js');
  return plainProgress(
    (line) => output.note(line),
    () => new Date(),
  );
}
