import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from '../contract/index.js';

const { KEYWORD, INT } = SearchAttributeType;
const KEYS = {
  [SEARCH_ATTRIBUTES.host]: defineSearchAttributeKey(SEARCH_ATTRIBUTES.host, KEYWORD),
  [SEARCH_ATTRIBUTES.sensorId]: defineSearchAttributeKey(SEARCH_ATTRIBUTES.sensorId, INT),
  [SEARCH_ATTRIBUTES.step]: defineSearchAttributeKey(SEARCH_ATTRIBUTES.step, KEYWORD),
  [SEARCH_ATTRIBUTES.verdict]: defineSearchAttributeKey(SEARCH_ATTRIBUTES.verdict, KEYWORD),
  [SEARCH_ATTRIBUTES.reminders]: defineSearchAttributeKey(SEARCH_ATTRIBUTES.reminders, INT),
};
export type AttributeValues = Partial<Record<keyof typeof KEYS, string | number>>;

/**
 * Upserts what the namespace knows and what is not shown yet: an unknown attribute would loop the workflow task for ever,
 * and each upsert costs an event.
 */
export function showAttributes(
  shown: AttributeValues,
  known: readonly string[],
  values: AttributeValues,
): void {
  const pairs: SearchAttributePair[] = [];
  for (const [name, value] of Object.entries(values)) {
    const key = name as keyof typeof KEYS;
    if (!known.includes(name) || shown[key] === value) continue;
    shown[key] = value;
    pairs.push({ key: KEYS[key], value } as SearchAttributePair);
  }
  if (pairs.length > 0) upsertSearchAttributes(pairs);
}
