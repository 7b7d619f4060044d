import type { ReleaseResult } from '../../client/release.js';
import { checkHost, checkWords } from '../operator-check.js';
import type { Output } from '../output.js';
import { osUser } from '../request.js';
import { holdLines, hostLines } from '../text/host.js';
import { lookNoter } from '../text/look-noter.js';
import { section } from '../text/table.js';
import { waitMsOf, withClient } from '../with-client.js';

export interface ReleaseFlags {
  reason: string;
  allHolds?: true;
  wait?: string | boolean;
}

/**
 * `cb-playbook release`: 0 once the sensor says it is released (or at once with --no-wait), 10 while others hold or have
 * isolated the host and where its sensor is gone, 15 when the sensor has not confirmed yet.
 */
export async function release(host: string, flags: ReleaseFlags, output: Output): Promise<number> {
  checkHost(host);
  checkWords(flags.reason);
  const { reason, allHolds, wait } = flags;
  const waiting = waitMsOf(wait);
  const done = await withClient((playbook, signal) =>
    playbook.release(host, {
      ...waiting,
      reason,
      allHolds: allHolds === true,
      who: osUser(),
      signal,
      onLook: lookNoter(output),
    }),
  );
  output.answer(done, releaseText(done));
  if (done.outcome === 'held' || done.outcome === 'foreign' || done.outcome === 'gone') return 10;
  return done.outcome === 'pending' && wait !== false ? 15 : 0;
}

const HEAD: Record<ReleaseResult['outcome'], string> = {
  released: 'RELEASED',
  pending: 'RELEASE ASKED FOR, NOT CONFIRMED YET',
  held: 'STILL HELD',
  foreign: 'STILL ISOLATED by somebody else',
  gone: 'HELD NO MORE, and nobody can tell whether it is isolated',
};

function releaseText(done: ReleaseResult): string {
  const { outcome, ended, remaining, host } = done;
  const lines = [`${HEAD[outcome]}  ${host.summary}`, ...section('ended', ended)];
  if (outcome === 'held') {
    const running = remaining.some((h) => h.running === true);
    return [
      ...lines,
      ...section('held by', holdLines(remaining)),
      ...section('next', [
        running
          ? 'Wait for the containment to end, cancel it, or end its hold too: --all-holds.'
          : 'Somebody took a hold meanwhile: ask them, or release once more.',
      ]),
    ].join('\n');
  }
  return [...lines, ...hostLines(host)].join('\n');
}
