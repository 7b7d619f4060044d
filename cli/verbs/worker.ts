import { wholeNumberOf } from '../duration.js';

export interface WorkerFlags {
  profile?: string;
  bundle?: string;
  policy?: string;
  slots: string;
  metricsPort?: string;
  evidenceDir?: string;
}

/** `cb-playbook worker`: serves until SIGTERM or SIGINT, then drains. */
export async function worker(flags: WorkerFlags): Promise<number> {
  const slots = wholeNumberOf('--slots', flags.slots, 0, 100);
  const metricsPort =
    flags.metricsPort === undefined
      ? undefined
      : wholeNumberOf('--metrics-port', flags.metricsPort, 1, 65_535);
  const { runWorkerProcess } = await import('../../worker/process.js');
  const { profile, bundle, policy, evidenceDir } = flags;
  await runWorkerProcess({ profile, bundle, policy, slots, metricsPort, evidenceDir });
  return 0;
}
