import { condition } from '@temporalio/workflow';

/** So many at once and no more; who waits is let go by a cancel before it has begun. */
export class Slots {
  private taken = 0;

  constructor(private readonly most: number) {}

  async use<T>(work: () => Promise<T>): Promise<T> {
    // Several may be woken by one free slot, so each looks again.
    while (this.taken >= this.most) await condition(() => this.taken < this.most);
    this.taken += 1;
    try {
      return await work();
    } finally {
      this.taken -= 1;
    }
  }
}
