import { Draw } from '../bad-input/draw.js';

/** Every secret that a worker may be given. */
export interface Canaries {
  token: string;
  /** As it is, not as it stands in a URL. */
  proxyPassword: string;
  /** Stands in the path of the receiver's address. */
  notifyPath: string;
  /** Stands in its query. */
  notifyQuery: string;
  temporalKey: string;
  temporalHeader: string;
}

/** `odd`: with every character that a header may have and that some encoding changes. */
export function canaries(seed: number, odd: boolean): Canaries {
  const draw = new Draw(seed, odd ? 'odd' : 'plain');
  const token = draw.hex(40);
  return {
    token: odd ? `${draw.hex(8)}"\\/+=&%<>'#?:;{}$(${draw.hex(8)})` : token,
    proxyPassword: odd ? `p"a/ss\\+${draw.hex(16)}%&` : draw.hex(24),
    notifyPath: draw.text(32),
    notifyQuery: draw.text(24),
    temporalKey: `key-${draw.text(40)}`,
    temporalHeader: `tenant-${draw.text(24)}`,
  };
}

/** For `secretFinder`. */
export function allOf(c: Canaries): string[] {
  return [c.token, c.proxyPassword, c.notifyPath, c.notifyQuery, c.temporalKey, c.temporalHeader];
}
