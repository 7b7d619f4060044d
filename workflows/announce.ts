import { CancellationScope, log, uuid4 } from '@temporalio/workflow';
import type { PlaybookEvent } from '../contract/index.js';
import { run as activity } from './activities.js';
import { problemOf } from './failure.js';
import { notification, quickRead } from './timing.js';

/**
 * Tells a receiver by a run of its own, so that nobody here waits for it. Not by a child: a child that ends after its
 * parent leaves the time-skipping server's clock stuck (tried). What cannot even be started is no failure of this run.
 */
export async function notify(event: PlaybookEvent): Promise<void> {
  const notificationId = `notify/${event.kind}/${uuid4()}`;
  try {
    await CancellationScope.nonCancellable(() =>
      activity('announce', quickRead, `Tell: ${event.text}`, { notificationId, event }),
    );
  } catch (err) {
    log.warn('An event could not be told.', { notificationId, why: problemOf('notify', err).message });
  }
}

/** The telling itself: one durable POST, tried for a day. */
export async function notifyReceiver(event: PlaybookEvent): Promise<void> {
  await activity('notify', notification, `Tell: ${event.text}`, event);
}
