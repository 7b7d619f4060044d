import type { IsolateOptions } from '../../client/isolate.js';
import { checkHost, checkLease, checkWords } from '../operator-check.js';
import type { Output } from '../output.js';
import { osUser } from '../request.js';
import { hostLines } from '../text/host.js';
import { lookNoter } from '../text/look-noter.js';
import { waitMsOf, withClient } from '../with-client.js';

export interface IsolateFlags {
  reason: string;
  lease?: string;
  onDrift?: IsolateOptions['onDrift'];
  wait?: string | boolean;
}

/** `cb-playbook isolate`: exits 0 once the sensor confirms (or at once with --no-wait), 15 when it has not confirmed yet. */
export async function isolate(host: string, flags: IsolateFlags, output: Output): Promise<number> {
  checkHost(host);
  checkWords(flags.reason);
  if (flags.lease !== undefined) checkLease(flags.lease);
  const { reason, lease, onDrift, wait } = flags;
  const options = { reason, ...(lease === undefined ? {} : { lease }), ...(onDrift ? { onDrift } : {}) };
  const waiting = waitMsOf(wait);
  const done = await withClient((playbook, signal) =>
    playbook.isolate(host, { ...options, ...waiting, who: osUser(), signal, onLook: lookNoter(output) }),
  );
  const head = {
    isolated: 'ISOLATED',
    'already-isolated': 'ALREADY ISOLATED, and held by you too',
    pending: 'ASKED FOR, NOT CONFIRMED YET',
  }[done.outcome];
  output.answer(done, [`${head}  ${done.host.summary}`, ...hostLines(done.host)].join('\n'));
  return done.outcome === 'pending' && wait !== false ? 15 : 0;
}
