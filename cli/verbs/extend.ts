import { checkExtension, checkHost } from '../operator-check.js';
import type { Output } from '../output.js';
import { osUser } from '../request.js';
import { hostLines } from '../text/host.js';
import { dateTime } from '../text/table.js';
import { withClient } from '../with-client.js';

export interface ExtendFlags {
  hold?: string;
}

/** `cb-playbook extend`: sets the end of a hold. */
export async function extend(
  host: string,
  duration: string,
  flags: ExtendFlags,
  output: Output,
): Promise<number> {
  checkHost(host);
  checkExtension(duration);
  const done = await withClient((playbook, signal) =>
    playbook.extend(host, duration, {
      who: osUser(),
      signal,
      ...(flags.hold === undefined ? {} : { holdId: flags.hold }),
    }),
  );
  const until = done.until === null ? 'stands until it is released' : `ends at ${dateTime(done.until)}`;
  output.answer(
    done,
    [
      `Hold ${done.holdId} ${until}. ${done.host.summary}`,
      ...(done.stillRuns
        ? [
            '  Its containment still runs and holds the host until it ends; this end is kept then, however it ends.',
          ]
        : []),
      ...hostLines(done.host),
    ].join('\n'),
  );
  return 0;
}
