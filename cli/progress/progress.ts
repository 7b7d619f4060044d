import type { ContainmentStatus, Receipt } from '../../contract/index.js';

/** How a waiting command shows a run. */
export interface Progress {
  show(status: ContainmentStatus): void;
  warn(line: string): void;
  /** The end; `null` where the waiting ended before the run. */
  close(receipt: Receipt | null): Promise<void>;
}
