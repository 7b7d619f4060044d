import { randomBytes } from 'node:crypto';
import type { PlaybookClient } from '../../client/playbook-client.js';
import { BadInputError } from '../bad-input.js';
import { wholeNumberOf } from '../duration.js';
import type { Output } from '../output.js';
import { osUser } from '../request.js';
import { loadCb } from '../selftest/cb.js';
import { realClock } from '../selftest/clock.js';
import { consentOf } from '../selftest/consent.js';
import { beforeAnyChange } from '../selftest/errors.js';
import type { SelftestRequest } from '../selftest/lab.js';
import { outFileOf, requireWritable } from '../selftest/out-file.js';
import type { SelftestReceipt } from '../selftest/receipt.js';
import { selftest as run } from '../selftest/selftest.js';
import { selftestText } from '../text/selftest.js';

export interface SelftestFlags {
  hostname?: string;
  sensorId?: string;
  profile?: string;
  yes?: true;
  out?: string;
  reason?: string;
  program?: string;
  arguments?: string;
  folder?: string;
}

/**
 * `cb-playbook selftest`: 0 all passed, 1 a check failed and everything was put back, 12 the host is not fit for it, 14
 * something could not be put back; 2 and 3 as everywhere.
 */
export async function selftest(flags: SelftestFlags, output: Output): Promise<number> {
  const request = requestOf(flags);
  const host = request.hostname ?? `sensor-${request.sensorId}`;
  const file = outFileOf(flags.out, host, new Date());
  const stop = onStop();
  const cb = await loadCb(flags.profile).catch((error: unknown) => {
    throw beforeAnyChange(error);
  });
  let playbook: PlaybookClient | null = null;
  try {
    const { createPlaybookClient } = await import('../../client/playbook-client.js');
    playbook = await createPlaybookClient();
    const deps = {
      cb,
      playbook,
      clock: realClock,
      random: randomBytes,
      signal: stop.signal,
      note: (line: string) => output.note(line),
      save: (receipt: SelftestReceipt) => file.save(receipt),
    };
    const consent = consentOf(output, flags.yes === true, stop.signal);
    const receipt = await run(deps, request, async (lab) => {
      await consent(lab);
      await requireWritable(file);
    }).catch((error: unknown) => {
      throw beforeAnyChange(error);
    });
    output.answer(receipt, selftestText(receipt, file.path));
    return receipt.exitCode;
  } finally {
    stop.dispose();
    cb.close();
    await playbook?.close();
  }
}

function requestOf(flags: SelftestFlags): SelftestRequest {
  const { hostname, sensorId, reason, program, folder } = flags;
  const isBlank = hostname?.trim() === '';
  if ((hostname === undefined && sensorId === undefined) || isBlank) {
    throw new BadInputError(
      isBlank ? '--hostname is blank.' : 'No host was named.',
      'One lab host: --hostname NAME, --sensor-id N, or both.',
      'Name it; nothing was changed.',
    );
  }
  for (const [flag, path] of Object.entries({ '--program': program, '--folder': folder })) {
    if (path === undefined || /^([a-z]:\\|\/)[^\s\p{C}"'<>|;&$`*?]*$/iu.test(path)) continue;
    throw new BadInputError(
      `${flag} is ${JSON.stringify(path)}.`,
      'A full path on the lab host, without blanks, quotes or control characters.',
      `Give ${flag} such a path; nothing was changed.`,
    );
  }
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(sensorId === undefined ? {} : { sensorId: wholeNumberOf('--sensor-id', sensorId, 1, 999_999_999) }),
    ...(reason === undefined ? {} : { reason }),
    by: osUser(),
    recipe: { program, args: flags.arguments, folder },
  };
}

/** Ctrl-C and SIGTERM: what was made is put back, which takes some minutes; a second one ends at once. */
function onStop(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new Error('It was interrupted.'));
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, stop);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const signal of signals) process.removeListener(signal, stop);
    },
  };
}
