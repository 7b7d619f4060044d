import { Listr, ListrLogger, type ListrTaskWrapper, ProcessOutput } from 'listr2';
import type { ContainmentStatus, Receipt } from '../../contract/index.js';
import type { Progress } from './progress.js';
import { accountOf, endOf, type StageEnd } from './stage-end.js';
import { detailOf, type Stage, STAGE_OF, STAGE_TITLES, STAGES } from './stages.js';

type Wrapper = Pick<ListrTaskWrapper<unknown, never, never>, 'skip' | 'title' | 'output'>;

interface Slot {
  stage: Stage;
  entered: boolean;
  wrapper: Wrapper | null;
  finish: (end: StageEnd) => void;
  finished: Promise<StageEnd>;
}

/** A moving list on stderr: what is done, what the run is at and what it waits for. */
export function liveProgress(): Progress {
  const slots = STAGES.map(slotOf);
  const list = new Listr(
    slots.map((slot) => ({
      title: STAGE_TITLES[slot.stage],
      task: async (_context: unknown, wrapper: unknown) => await showSlot(slot, wrapper as Wrapper),
    })),
    {
      concurrent: false,
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: {
        collapseErrors: false,
        showErrorMessage: false,
        // Answers alone go to stdout.
        logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }),
      },
    },
  );
  const running = list.run().catch(() => undefined);
  const passUpTo = (index: number, from: ContainmentStatus | Receipt): void => {
    const account = accountOf(from);
    for (const slot of slots.slice(0, index)) slot.finish(endOf(slot.stage, account, slot.entered));
  };
  return {
    show(status: ContainmentStatus) {
      const index = status.step === 'closed' ? -1 : STAGES.indexOf(STAGE_OF[status.step]);
      const slot = slots[index];
      if (slot === undefined) return;
      slot.entered = true;
      // A stage before this one may still be waited for: only the receipt says how the isolation ended.
      passUpTo(index, status);
      if (slot.wrapper) slot.wrapper.output = detailOf(status, Date.now());
    },
    warn(line) {
      const current = slots.findLast((slot) => slot.entered);
      if (current?.wrapper) current.wrapper.output = line;
    },
    async close(receipt: Receipt | null) {
      if (receipt !== null) passUpTo(slots.length, receipt);
      else for (const slot of slots) slot.finish({ mark: 'skipped', text: 'not seen' });
      await running;
    },
  };
}

async function showSlot(slot: Slot, wrapper: Wrapper): Promise<void> {
  slot.wrapper = wrapper;
  const { mark, text } = await slot.finished;
  const title = text === '' ? STAGE_TITLES[slot.stage] : `${STAGE_TITLES[slot.stage]}: ${text}`;
  if (mark === 'skipped') return wrapper.skip(title);
  wrapper.title = title;
  if (mark === 'failed') throw new Error(title);
}

function slotOf(stage: Stage): Slot {
  let finish: (end: StageEnd) => void = () => undefined;
  const finished = new Promise<StageEnd>((resolve) => (finish = resolve));
  return { stage, entered: false, wrapper: null, finish, finished };
}
