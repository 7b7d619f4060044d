import { Listr, type ListrTaskWrapper, ListrLogger, ProcessOutput } from 'listr2';
import type { ContainmentStatus, Receipt } from '../../contract/index.js';
import type { Progress } from './progress.js';
import { detailOf, STAGE_OF, STAGE_TITLES, type Stage, STAGES } from './stages.js';

type Wrapper = Pick<ListrTaskWrapper<unknown, never, never>, 'skip'> & { output: string; title: string };

interface Slot {
  stage: Stage;
  entered: boolean;
  wrapper: Wrapper | null;
  finish: () => void;
  finished: Promise<void>;
}

/** A moving list on stderr: what is done, what the run is at and what it waits for. */
export function liveProgress(): Progress {
  const slots = STAGES.map(slotOf);
  const list = new Listr(
    slots.map((slot) => ({
      title: STAGE_TITLES[slot.stage],
      task: async (_context: unknown, wrapper: unknown) => {
        slot.wrapper = wrapper as Wrapper;
        await slot.finished;
        if (!slot.entered) slot.wrapper.skip(`${STAGE_TITLES[slot.stage]} (not needed)`);
      },
    })),
    {
      concurrent: false,
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: {
        collapseSkips: true,
        // Answers alone go to stdout.
        logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }),
      },
    },
  );
  const running = list.run().catch(() => undefined);
  const finishBefore = (index: number): void => slots.slice(0, index).forEach((slot) => slot.finish());
  return {
    show(status: ContainmentStatus) {
      const index = STAGES.indexOf(STAGE_OF[status.step]);
      finishBefore(index);
      const slot = slots[index];
      if (slot === undefined) return;
      slot.entered = true;
      if (slot.wrapper) slot.wrapper.output = detailOf(status, Date.now());
    },
    warn(line) {
      const current = slots.findLast((slot) => slot.entered);
      if (current?.wrapper) current.wrapper.output = line;
    },
    async close(receipt: Receipt | null) {
      if (receipt !== null) {
        const last = slots.at(-1);
        if (last) last.entered = true;
      }
      finishBefore(slots.length);
      await running;
    },
  };
}

function slotOf(stage: Stage): Slot {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  return { stage, entered: false, wrapper: null, finish, finished };
}
