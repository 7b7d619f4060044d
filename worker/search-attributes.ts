import type { NativeConnection } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../contract/index.js';

/** temporal.api.enums.v1.IndexedValueType */
const KEYWORD = 2;
const INT = 3;
/** gRPC status */
const ALREADY_EXISTS = 6;

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
  [SEARCH_ATTRIBUTES.reminders]: INT,
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
  const { operatorService } = connection;
  const known = await operatorService.listSearchAttributes({ namespace }).catch(() => null);
  const lacking = Object.keys(TYPES).filter((name) => known?.customAttributes?.[name] === undefined);
  const report: SearchAttributesReport = { added: [], missing: [], why: null };
  // One by one: of several, one that another worker has just added would refuse the rest.
  for (const name of lacking) {
    try {
      await operatorService.addSearchAttributes({
        namespace,
        searchAttributes: { [name]: TYPES[name] as number },
      });
      report.added.push(name);
    } catch (error) {
      if ((error as { code?: unknown }).code === ALREADY_EXISTS) continue;
      report.missing.push(name);
      report.why = reasonOf(error);
    }
  }
  return report;
}

function reasonOf(error: unknown): string {
  const { details, message } = error as { details?: string; message?: string };
  return (details || message || String(error)).slice(0, 200);
}
