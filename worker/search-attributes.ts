import type { NativeConnection } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../contract/index.js';

/** temporal.api.enums.v1.IndexedValueType */
const KEYWORD = 2;
const INT = 3;

/** Which of our search attributes the namespace lacks and this worker could not add; `why` in the server's words. */
export interface SearchAttributesReport {
  added: string[];
  missing: string[];
  why: string | null;
}

const TYPES: Record<string, number> = {
  [SEARCH_ATTRIBUTES.host]: KEYWORD,
  [SEARCH_ATTRIBUTES.sensorId]: INT,
  [SEARCH_ATTRIBUTES.step]: KEYWORD,
  [SEARCH_ATTRIBUTES.verdict]: KEYWORD,
};

type Services = Pick<NativeConnection, 'operatorService'>;

/**
 * Adds the search attributes that the namespace lacks. Where it may not (Temporal Cloud, an operator who keeps that
 * right), it says so and nothing is lost but filters in Temporal Web: the playbook upserts only what exists.
 * Never throws.
 */
export async function registerSearchAttributes(
  connection: Services,
  namespace: string,
): Promise<SearchAttributesReport> {
  const missing = Object.keys(TYPES);
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const lacking = missing.filter((name) => customAttributes?.[name] === undefined);
    if (lacking.length === 0) return { added: [], missing: [], why: null };
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(lacking.map((name) => [name, TYPES[name] as number])),
    });
    return { added: lacking, missing: [], why: null };
  } catch (error) {
    // Two workers that start together: the other one has added them meanwhile.
    const now = await connection.operatorService.listSearchAttributes({ namespace }).catch(() => null);
    const lacking = missing.filter((name) => now?.customAttributes?.[name] === undefined);
    return { added: [], missing: lacking, why: lacking.length > 0 ? reasonOf(error) : null };
  }
}

function reasonOf(error: unknown): string {
  const text =
    error instanceof Error ? ((error as { details?: string }).details ?? error.message) : String(error);
  return text.slice(0, 200);
}
