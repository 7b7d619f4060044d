import { endOfEarlier, runCommand } from './commands.js';
import type { Taken } from './evidence-file.js';
import type { KillRun } from './kill-run.js';

/** Has the sensor write its host's memory to the host's own disk, where an analyst fetches it: it is far too large to copy. */
export async function dumpMemory(run: KillRun, until: number): Promise<Taken> {
  const where = dumpPath(run);
  const body = { name: 'memdump', object: where };
  const command = (await endOfEarlier(run, body, until)) ?? (await runCommand(run, body, undefined, until));
  if (command.status !== 'complete' || (command.resultCode ?? 0) !== 0) {
    const { status, resultType, resultCode, resultDesc } = command;
    throw new Error(
      `The host answered the memory dump with ${status}, ${resultType ?? 'code'} ${resultCode ?? ''} ${resultDesc ?? ''}`.trim(),
    );
  }
  return { where, md5: null, bytes: null };
}

/** One name a run: what an attempt that died had begun is found again, and no second one fills the disk. */
function dumpPath({ input }: KillRun): string {
  const name = `cb-playbook-${input.run.runId.replace(/[^A-Za-z0-9-]/g, '')}.dmp`;
  return input.target.osType === 'windows' ? `c:\\windows\\temp\\${name}` : `/tmp/${name}`;
}
