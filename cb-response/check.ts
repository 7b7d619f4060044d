import { z } from 'zod';
import { CbError } from './errors.js';

/** A number, or the digits of one in a string, as older servers send (API reference 3.4, 4.1). */
export const num = z.union([
  z.number(),
  z
    .string()
    .regex(/^\s*-?\d+(\.\d+)?\s*$/, 'expected a number')
    .transform(Number),
]);

/** A whole number of 0 or more, in either spelling. */
export const id = num.refine(
  (n) => Number.isSafeInteger(n) && n >= 0,
  'expected a whole number of 0 or more',
);

export const flag = z.union([
  z.boolean(),
  z.stringbool({ truthy: ['true', '1', 'yes'], falsy: ['false', '0', 'no'] }),
  z.literal([0, 1]).transform((n) => n === 1),
]);

/** A trimmed string; a number becomes one; null and absent become ''. */
export const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value == null ? '' : String(value).trim()));

/** A string to the last blank: in a path or a command line it may be what tells two apart. */
export const exactText = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** As `text`, but null for what is absent or empty. */
export const textOrNull = text.transform((value) => (value === '' ? null : value));

/** A number where there is one: some fields come as null, '' or words. */
export const numOrNull = z
  .unknown()
  .optional()
  .transform((value) => num.safeParse(value).data ?? null);

export const flagOrNull = z
  .unknown()
  .optional()
  .transform((value) => flag.safeParse(value).data ?? null);

export const rawObject = z.record(z.string(), z.unknown());

/** The border: `value` as the schema reads it, or `malformed` naming the first field it refuses. Never shows the value. */
export function check<T extends z.ZodType>(
  schema: T,
  value: unknown,
  call: { method: string; path: string },
): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = (issue?.path ?? [])
    .map((step) => (typeof step === 'number' ? `[${step}]` : String(step)))
    .join('.');
  throw new CbError({
    ...call,
    kind: 'malformed',
    status: 200,
    field,
    what: `${field === '' ? 'the answer' : `field ${field} of the answer`} is not as expected: ${describe(value, issue)}`,
    remedy: 'This is no answer of a server this client knows: compare the server version, then report it.',
  });
}

function describe(value: unknown, issue: z.core.$ZodIssue | undefined): string {
  let found: unknown = value;
  for (const step of issue?.path ?? []) found = (found as Record<PropertyKey, unknown> | undefined)?.[step];
  const kind = found === null ? 'null' : Array.isArray(found) ? 'an array' : `${typeof found}`;
  return found === undefined ? 'it is missing' : `found ${kind}`;
}
