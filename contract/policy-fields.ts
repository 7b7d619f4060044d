import { type Mistake, RequestFields, show } from './request-fields.js';

/** Most entries of one list of a policy: it travels with every run. */
const MOST_ENTRIES = 1_000;

/** The word for "no such limit": a key without a value may as well be an accident. */
export const UNLIMITED = 'unlimited';

/** One entry of a list, read; or what is wrong with it. */
export type Entry<T> = { value: T } | { problem: string };

/** Reads one section of a policy. Stricter than a request: a key without a value is a mistake, for it may have been deleted by accident. */
export class PolicyFields extends RequestFields {
  constructor(
    input: Record<string, unknown>,
    private readonly known: readonly string[],
    private readonly path = '',
    mistakes: Mistake[] = [],
  ) {
    super(input, mistakes);
    this.refuseUnknown(known);
    for (const key of known) {
      if (input[key] === null) this.wrong(key, 'It has no value.', 'A value, or leave the key away.');
    }
  }

  override wrong(field: string, problem: string, expected: string): void {
    super.wrong(this.pathOf(field), problem, expected);
  }

  /** The keys below one key; all of them absent where it is absent or wrong. */
  section(key: string, known: readonly string[]): PolicyFields {
    const value = this.get(key);
    const isThere = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (this.has(key) && !isThere)
      this.wrong(key, `It is ${show(value)}.`, `Keys below it: ${known.join(', ')}.`);
    return new PolicyFields(
      isThere ? (value as Record<string, unknown>) : {},
      known,
      this.pathOf(key),
      this.mistakes,
    );
  }

  list<T>(key: string, expected: string, read: (entry: unknown) => Entry<T>): T[] | null {
    if (!this.has(key)) return null;
    const value = this.get(key);
    if (!Array.isArray(value)) {
      this.wrong(key, `It is ${show(value)}.`, `A list. ${expected}`);
      return null;
    }
    if (value.length > MOST_ENTRIES) {
      this.wrong(key, `It has ${value.length} entries.`, `At most ${MOST_ENTRIES}.`);
      return null;
    }
    const found: T[] = [];
    value.forEach((entry: unknown, i) => {
      const of = read(entry);
      if ('problem' in of) this.wrong(`${key}[${i}]`, of.problem, expected);
      else found.push(of.value);
    });
    return [...new Set(found)];
  }

  number(key: string, least: number, most: number, what: 'whole' | 'any' = 'whole', or = ''): number | null {
    if (!this.has(key)) return null;
    const value = this.get(key);
    const isNumber =
      typeof value === 'number' && (what === 'whole' ? Number.isSafeInteger(value) : Number.isFinite(value));
    if (isNumber && value >= least && value <= most) return value;
    const kind = what === 'whole' ? 'A whole number' : 'A number';
    this.wrong(key, `It is ${show(value)}.`, `${kind} from ${least} to ${most}${or}.`);
    return null;
  }

  /** A number, or {@link UNLIMITED}, which is `null`; `undefined` where it is not given. */
  limit(
    key: string,
    least: number,
    most: number,
    what: 'whole' | 'any' = 'whole',
  ): number | null | undefined {
    if (this.get(key) === UNLIMITED) return null;
    return this.number(key, least, most, what, `, or ${UNLIMITED}`) ?? undefined;
  }

  private pathOf(field: string): string {
    return this.path === '' ? field : field === '' ? this.path : `${this.path}.${field}`;
  }
}
