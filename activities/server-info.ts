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
  const start = clock.now();
  let last = memory.first === undefined ? null : { info: memory.first, at: start };
  return async (o) => {
    const now = await clock.now();
    if (last !== null && now - (await last.at) < memory.goodForMs) return last.info;
    const info = await cb.info(o);
    last = { info, at: now };
    return info;
  };
}
