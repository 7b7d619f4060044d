/** Ends a call by time or by the caller's signal, and tells afterwards which it was. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #stop: () => void;
  readonly #onTime: () => Error;
  #outcome: { reason: unknown } | undefined;

  constructor(ms: number, onTime: () => Error, signal?: AbortSignal) {
    this.#onTime = onTime;
    this.#timer = setTimeout(() => this.#end(this.#onTime()), ms);
    const onAbort = (): void => this.#end(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#stop = () => signal?.removeEventListener('abort', onAbort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What to throw instead of `thrown`; undefined when the call failed by itself. */
  reason(thrown: unknown): unknown {
    if (this.#outcome === undefined) return undefined;
    return this.#outcome.reason ?? thrown;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }

  #end(reason: unknown): void {
    this.#outcome ??= { reason };
    this.#controller.abort();
  }
}
