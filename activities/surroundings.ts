import type { Context } from '@temporalio/activity';
import { SEARCH_ATTRIBUTES, type Surroundings } from '../contract/index.js';
import type { Deps } from './deps.js';

/** What this worker and its namespace offer: search attributes that exist (none where the server does not say), a receiver. */
export async function surroundingsOf(deps: Deps, context: Context): Promise<Surroundings> {
  const notify = deps.notify === null ? 'none' : deps.notify.all ? 'all' : 'not-contained';
  try {
    const { namespace } = context.info;
    const answer = await context.client.connection.operatorService.listSearchAttributes({ namespace });
    const known = answer.customAttributes ?? {};
    return { searchAttributes: Object.values(SEARCH_ATTRIBUTES).filter((name) => name in known), notify };
  } catch {
    return { searchAttributes: [], notify };
  }
}
