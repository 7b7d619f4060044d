/** The token that simulators accept unless told otherwise. */
export const CANARY: string;

export interface FoundSecret {
  /** How it was written: `plain`, `base64 (1)`, … */
  form: string;
  /** Offset in the text, or in the bytes. */
  at: number;
  length: number;
  /** What stands around it, without it. */
  around: string;
}

/**
 * A function that finds these secrets in a text or in bytes, whole or twelve characters of them, as they are and as they look in
 * base64, hex, percent, JSON, HTML or UTF-16: the first place, or null.
 */
export function secretFinder(secrets: readonly string[]): (given: string | Uint8Array) => FoundSecret | null;

/** What a process printed, without the lines that have a simulator's token on purpose. */
export function withoutReadyLines(text: string): string;
