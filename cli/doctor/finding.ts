/** One line of `doctor`. */
export interface Finding {
  area: 'server' | 'temporal';
  check: string;
  state: 'ok' | 'warn' | 'fail';
  found: string;
  /** What to do; `null` where all is well. */
  next: string | null;
  /** A setting that cannot be right, whatever the servers are like. */
  badInput?: true;
  /** Who should answer does not. */
  unreachable?: true;
}

export const ok = (area: Finding['area'], check: string, found: string): Finding => ({
  area,
  check,
  state: 'ok',
  found,
  next: null,
});

export const warn = (area: Finding['area'], check: string, found: string, next: string): Finding => ({
  area,
  check,
  state: 'warn',
  found,
  next,
});

export const fail = (area: Finding['area'], check: string, found: string, next: string): Finding => ({
  area,
  check,
  state: 'fail',
  found,
  next,
});

export const badSetting = (area: Finding['area'], check: string, found: string, next: string): Finding => ({
  ...fail(area, check, found, next),
  badInput: true,
});
