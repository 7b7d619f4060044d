import { z } from 'zod';
import { flagOrNull, id, numOrNull, text } from './check.js';
import type { SensorGroup, ServerInfo } from './types.js';

/** GET /api/info (API reference 2). */
export const infoSchema = z
  .object({
    version: z.string().trim().min(1),
    cblrEnabled: flagOrNull,
    banningEnabled: flagOrNull,
    maxSearchResultRows: numOrNull,
  })
  .transform((raw): ServerInfo => raw);

const groupSchema = z
  .object({ id, name: text, banning_enabled: flagOrNull })
  .transform((raw): SensorGroup => ({ id: raw.id, name: raw.name, banningEnabled: raw.banning_enabled }));

/** By id comes an array of one (API reference 3.8), or by some accounts the object itself. */
export const groupAnswerSchema = z
  .union([z.array(groupSchema), groupSchema.transform((group) => [group])])
  .nullish()
  .transform((groups) => groups ?? []);
