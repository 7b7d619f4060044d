import type { Context } from '@temporalio/activity';
import type { Surroundings } from '../contract/index.js';
import type { Deps } from './deps.js';

/** What this worker and its namespace offer: search attributes that exist (none where the server does not say), a receiver. */
export async function surroundingsOf(deps: Deps, context: Context): Promise<Surroundings> {
  const notify = deps.notify === null ? 'none' : deps.notify.all ? 'all' : 'not-contained';
  const searchAttributes = await deps.attributes(context).catch(() => []);
  return { searchAttributes, notify };
}
