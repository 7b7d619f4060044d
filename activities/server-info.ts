import type { CbResponse, Clock, ServerInfo } from '../cb-response/index.js';

/** How long what a server says of its own settings is believed, ms; and what it said already, e.g. when the worker started. */
export interface InfoMemory {
  goodForMs: number;
  first?: ServerInfo;
}

export type ReadInfo = (o: { signal?: AbortSignal }) => Promise<ServerInfo>;

/**
 * Reads the server's settings, or remembers them: they change once in months, and each containment would ask. That Live
 * Response was switched off meanwhile is seen all the same, by the list of sessions.
 */
export function rememberingInfo(cb: CbResponse, clock: Clock, memory: InfoMemory): ReadInfo {
  const { first, goodForMs } = memory;
  let last = first !== undefined && isGood(first) ? { info: first, at: clock.now() } : null;
  return async (o) => {
    const now = await clock.now();
    if (last !== null && now - (await last.at) < goodForMs) return last.info;
    const info = await cb.info(o);
    last = isGood(info) ? { info, at: now } : null;
    return info;
  };
}

/** Whether nothing stands in the way. What does, an operator is about to settle: it is asked for anew each time. */
function isGood({ cblrEnabled, banningEnabled }: ServerInfo): boolean {
  return cblrEnabled !== false && banningEnabled !== false;
}
