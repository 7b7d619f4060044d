import type { Context } from '@temporalio/activity';
import { SEARCH_ATTRIBUTES } from '../contract/index.js';
import type { Clock } from '../cb-response/index.js';

/** How long an answer is believed that names all of ours, ms; and one that lacks some, which an operator may be adding. */
const ALL_FOR_MS = 600_000;
const SOME_FOR_MS = 60_000;

/** Ours of the search attributes that a namespace has; rejects where the server does not say. */
export type KnownAttributes = (context: Context) => Promise<string[]>;

type List = (context: Context) => Promise<readonly string[]>;

/**
 * Which of our search attributes the namespace has, read or remembered. Every look of every lease wants to know, and
 * Temporal's server (1.32 on SQL, its issue 11289) keeps a connection to itself open for each time it is asked.
 */
export function rememberingAttributes(clock: Clock, list: List = listed): KnownAttributes {
  let last: { names: Promise<string[]>; until: number } | null = null;
  return async (context) => {
    const now = await clock.now();
    if (last === null || now >= last.until) {
      const names = list(context).then((all) =>
        Object.values(SEARCH_ATTRIBUTES).filter((name) => all.includes(name)),
      );
      const asked = { names, until: now + ALL_FOR_MS };
      last = asked;
      names.then(
        ({ length }) => {
          if (length < Object.keys(SEARCH_ATTRIBUTES).length) asked.until = now + SOME_FOR_MS;
        },
        // No answer is nothing to remember.
        () => (asked.until = now),
      );
    }
    return await last.names;
  };
}

async function listed({ client, info: { namespace } }: Context): Promise<string[]> {
  const answer = await client.connection.operatorService.listSearchAttributes({ namespace });
  return Object.keys(answer.customAttributes ?? {});
}
