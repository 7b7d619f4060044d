import { proxyActivities, upsertMemo } from '@temporalio/workflow';
import type { BareInput } from './shape.js';

const { nothing } = proxyActivities<{ nothing(text: string): Promise<string> }>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: '10s',
});

/** Activities that do nothing, one after the other, and events in between. */
export async function bare(input: BareInput): Promise<void> {
  const text = 'x'.repeat(input.bytes);
  let upserts = 0;
  for (let done = 1; done <= input.activities; done += 1) {
    await nothing(text);
    for (; upserts < Math.round((done / input.activities) * input.upserts); upserts += 1)
      upsertMemo({ step: upserts });
  }
}
