/** Ctrl-C stops the waiting, never what was started; a second one ends the command at once, as it always does. */
export function onInterrupt(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  return { signal: controller.signal, dispose: () => process.removeListener('SIGINT', stop) };
}
