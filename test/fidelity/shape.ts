/** Keys and JSON types of an answer: of an array what its first item is like, of a value its type. */
export type Shape = string | Shape[] | { [key: string]: Shape };

export function shapeOf(value: unknown): Shape {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]));
}

/** Keys whose content is a user's, and not the server's. */
const PERSONAL = new Set(['user_preferences']);

/** What is kept of a recorded answer. */
export function keptShapeOf(value: unknown): Shape {
  const whole = shapeOf(value);
  if (typeof whole === 'string' || Array.isArray(whole)) return whole;
  return Object.fromEntries(
    Object.entries(whole).map(([key, shape]) => [key, PERSONAL.has(key) ? {} : shape]),
  );
}

/** Every difference in keys and types, by path; null may stand for anything. `optional` keys may be absent on either side. */
export function differences(real: Shape, ours: Shape, optional: readonly string[], path = ''): string[] {
  if (real === 'null' || ours === 'null') return [];
  if (kindOf(real) !== kindOf(ours)) return [`${path}: recorded ${kindOf(real)}, simulated ${kindOf(ours)}`];
  if (typeof real === 'string' || typeof ours === 'string') return [];
  if (Array.isArray(real) || Array.isArray(ours)) {
    const [left, right] = [real as Shape[], ours as Shape[]];
    if (left[0] === undefined || right[0] === undefined) return [];
    return differences(left[0], right[0], optional, `${path}[0]`);
  }
  return [...new Set([...Object.keys(real), ...Object.keys(ours)])].flatMap((key) => {
    const here = `${path}.${key}`;
    if (optional.some((name) => key === name || key.startsWith(`${name}_`))) return [];
    const [left, right] = [real[key], ours[key]];
    if (left === undefined) return [`${here}: only simulated`];
    if (right === undefined) return [`${here}: only recorded`];
    return differences(left, right, optional, here);
  });
}

function kindOf(shape: Shape): string {
  if (typeof shape === 'string') return shape;
  return Array.isArray(shape) ? 'array' : 'object';
}
