/** The Cb server of the credentials, as `doctor` finds it. Loaded only here. */
export async function loadCb(profile: string | undefined) {
  const { CbResponse, loadCbResponseConfig } = await import('../../cb-response/index.js');
  return new CbResponse(loadCbResponseConfig({ profile }));
}

export type Cb = Awaited<ReturnType<typeof loadCb>>;
export type Sensor = NonNullable<Awaited<ReturnType<Cb['sensors']['get']>>>;
export type LiveSession = NonNullable<Awaited<ReturnType<Cb['liveResponse']['session']>>>;
export type LiveCommand = NonNullable<Awaited<ReturnType<Cb['liveResponse']['command']>>>;
export type LiveProcess = NonNullable<LiveCommand['processes']>[number];

/** `kind` of an error of the Cb client, else `null`. */
export function cbKind(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'CbError') return null;
  return (error as Error & { kind: string }).kind;
}

/** Faults that another try may not meet. What a POST did meanwhile is unknown, unless it was turned away. */
const PASSING: ReadonlySet<string> = new Set([
  'unavailable',
  'unknown-outcome',
  'rate-limited',
  'unreachable',
  'malformed',
]);

export function isPassing(error: unknown): boolean {
  return PASSING.has(cbKind(error) ?? '');
}

export function isLive(session: Pick<LiveSession, 'status'>): boolean {
  return session.status === 'pending' || session.status === 'active';
}

/** One line of an error, short enough for a receipt. Errors of the Cb client hold no token. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim().slice(0, 500);
}
