/** Which verdicts a worker tells; `none` where it has no receiver at all. */
export type NotifySetting = 'none' | 'not-contained' | 'all';

/** What the worker that answered, and its namespace, offer to workflows. */
export interface Surroundings {
  /** Search attributes of ours that the namespace has; upserting another one loops the workflow task for ever. */
  searchAttributes: string[];
  notify: NotifySetting;
}
