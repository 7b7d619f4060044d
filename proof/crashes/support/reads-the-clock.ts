import { defineQuery, proxyActivities, setHandler } from '@temporalio/workflow';

const { work } = proxyActivities<{ work(n: number): Promise<void> }>({
  startToCloseTimeout: '1m',
  taskQueue: 'reads-the-clock-activities',
});

/** The workflow's time at each of its tasks. */
export async function readsTheClock(n: number): Promise<number[]> {
  setHandler(defineQuery<number>('time'), () => Date.now());
  const times = [Date.now()];
  for (let i = 0; i < 2; i += 1) {
    await work(n);
    times.push(Date.now());
  }
  return times;
}
