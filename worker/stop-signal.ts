const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Aborted by the first SIGTERM or SIGINT until disposed. Only for the time before workers run: the SDK's runtime
 * swallows these signals from its installation on, but acts on them only for workers that run.
 */
export function stopSignal(): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of SIGNALS) process.off(name, stop);
    },
  };
}
