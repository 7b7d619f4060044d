import { repeatable } from './ids.js';
import type { Knobs } from './knobs.js';
import { matcher } from './match.js';
import type { Fault, FaultHandle, FaultKind, JournalEntry } from './types.js';

interface Planted {
  matches: (entry: JournalEntry) => boolean;
  left: number;
  hits: number;
  kind: FaultKind;
}

/** Faults on demand, and those that knobs 19 to 21 of table 16 produce by themselves. */
export class Faults {
  private planted: Planted[] = [];
  private readonly answeredOnce = new Set<string>();
  private readonly knobs: Knobs;

  constructor(knobs: Knobs) {
    this.knobs = knobs;
  }

  add(fault: Fault): FaultHandle {
    const { kind, times } = fault;
    const item: Planted = { matches: matcher(fault), left: times ?? Number.POSITIVE_INFINITY, hits: 0, kind };
    this.planted.push(item);
    return {
      remove: () => (this.planted = this.planted.filter((other) => other !== item)),
      hits: () => item.hits,
    };
  }

  /** The fault that strikes this request, if any. Asking counts as a hit. */
  strike(entry: JournalEntry): FaultKind | null {
    for (const item of this.planted) {
      if (item.left <= 0 || !item.matches(entry)) continue;
      item.left--;
      item.hits++;
      return item.kind;
    }
    return this.rateLimit(entry) ?? this.lostReply(entry) ?? this.random(entry);
  }

  private rateLimit(entry: JournalEntry): FaultKind | null {
    if (this.knobs.rateLimit !== 'some' || entry.n % 10 !== 0) return null;
    return { status: 429, body: 'Too Many Requests', headers: { 'retry-after': '1' } };
  }

  private lostReply(entry: JournalEntry): FaultKind | null {
    if (this.knobs.lostReply !== 'on' || entry.method !== 'POST') return null;
    if (!/\/command$|\/blacklist$/.test(entry.path)) return null;
    const once = `${entry.path} ${JSON.stringify(entry.body)}`;
    if (this.answeredOnce.has(once)) return null;
    this.answeredOnce.add(once);
    return 'act-then-cut';
  }

  private random(entry: JournalEntry): FaultKind | null {
    if (this.knobs.randomFaults !== 'seeded') return null;
    const die = repeatable('fault', this.knobs.seed, entry.n) % 100;
    if (die < 3) return 'html-502';
    if (die < 5) return { status: 504, body: gatewayHtml(504), headers: { 'content-type': 'text/html' } };
    if (die < 7) return 'cut';
    if (die < 9) return 'act-then-cut';
    if (die < 12) return { delayMs: 500 };
    return null;
  }
}

const reasons: Record<number, string> = {
  404: 'Not Found',
  405: 'Not Allowed',
  502: 'Bad Gateway',
  504: 'Gateway Time-out',
};

/** The page nginx answers with. */
export function gatewayHtml(status: number): string {
  const title = `${status} ${reasons[status] ?? 'Error'}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body bgcolor="white">\r\n<center><h1>${title}</h1></center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n`;
}

export function describeFault(kind: FaultKind): string {
  if (typeof kind === 'string') return kind;
  return 'status' in kind ? `status ${kind.status}` : `delay ${kind.delayMs} ms`;
}
