import { type Played, playInLanes, seenBefore } from './lanes.js';

/**
 * Plays those that stood still twice, without the server's own word for it, with nothing beside them: a machine that is
 * full has made one stand that passes alone. What was wrong in the first plays stays wrong.
 */
export async function playAlone(
  played: readonly Played[],
  onPlayed: (one: Played) => void,
): Promise<Played[]> {
  const all = [...played];
  for (const [at, before] of played.entries()) {
    const { order, stoodStill, untried } = before;
    if (stoodStill === undefined || untried === true) continue;
    const [alone] = await playInLanes([{ orders: [order], lanes: 1 }], () => undefined);
    if (alone === undefined) continue;
    const one = { ...alone, again: stoodStill, results: [...seenBefore(before), ...alone.results] };
    all[at] = one;
    onPlayed(one);
  }
  return all;
}
