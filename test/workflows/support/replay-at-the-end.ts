import { atTheEnd } from '../../../scripts/at-the-end.mjs';
import { playbookBundle } from '../../../testing/index.js';
import { type KeptHistory, replayHistories } from '../../../testing/replay.js';

const kept: KeptHistory[] = [];

/** Replays these when all files of this process are done: loading the workflows anew costs more than most replays. */
export function keepForReplay(histories: readonly KeptHistory[]): void {
  if (kept.length === 0) atTheEnd(async () => await replayHistories(kept, await playbookBundle()));
  kept.push(...histories);
}
