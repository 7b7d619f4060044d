import { z } from 'zod';
import { exactText, flagOrNull, id, numOrNull, text, textOrNull } from './check.js';
import { readMd5 } from './md5.js';
import { normalGuid } from './process-guid.js';
import type { ProcessRow } from './types.js';

/** A row of the index (API reference 5.3). */
export const processRowSchema = z
  .object({
    id: z.string().min(36),
    process_name: exactText,
    path: exactText,
    cmdline: exactText,
    process_md5: textOrNull,
    sensor_id: id,
    hostname: text,
    process_pid: numOrNull,
    parent_id: textOrNull,
    username: text,
    start: textOrNull,
    terminated: flagOrNull,
  })
  .transform((raw): ProcessRow => ({
    guid: normalGuid(raw.id),
    name: raw.process_name,
    path: raw.path,
    commandLine: raw.cmdline,
    md5: readMd5(raw.process_md5),
    sensorId: raw.sensor_id,
    hostname: raw.hostname,
    pid: raw.process_pid ?? -1,
    // Of storage hits of 5.x it is a big number, no GUID.
    parentGuid: raw.parent_id?.includes('-') === true ? normalGuid(raw.parent_id) : null,
    username: raw.username,
    start: raw.start,
    terminated: raw.terminated,
  }));

/** The search envelope (API reference 5.2); `total_results` may be too high. */
export const searchPageSchema = z.object({
  results: z.array(processRowSchema).default([]),
  total_results: id,
  incomplete_results: flagOrNull,
});

/** GET /api/v1/process/{guid}/{segment} (API reference 5.4). */
export const processDetailSchema = z.object({ process: processRowSchema.nullish() });
