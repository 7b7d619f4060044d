import { z } from 'zod';
import { flag, rawObject, text, textOrNull } from './check.js';
import type { Ban } from './types.js';

const fields = z.object({
  md5hash: z.string().trim().toUpperCase(),
  text,
  enabled: flag,
  username: textOrNull,
  timestamp: textOrNull,
});

/** The ban object (API reference 7); the row as it came is kept for a whole PUT. */
export const banSchema = rawObject.transform((raw, context): Ban => {
  const read = fields.safeParse(raw);
  if (!read.success) {
    for (const issue of read.error.issues)
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
    return z.NEVER;
  }
  const { md5hash, ...rest } = read.data;
  return { md5: md5hash, ...rest, raw };
});

export const banListSchema = z
  .array(banSchema)
  .nullish()
  .transform((bans) => bans ?? []);
