import { resumeWords } from '../client/guard-input.js';
import { digestOf, durationMs, extensionMs, hostRefOf, runIdOf, wordsOf } from '../client/operator-input.js';
import { DEFAULT_LEASE_POLICY } from '../contract/lease.js';

// What the library checks too, here before anything is connected: bad input is told without a Temporal to ask.

export function checkHost(host: string): void {
  hostRefOf(host);
}

export function checkRunId(id: string): void {
  runIdOf(id);
}

export function checkWords(reason: string): void {
  wordsOf({ reason });
}

export function checkReason(reason: string | undefined): void {
  resumeWords({ reason });
}

export function checkLease(text: string): void {
  durationMs('lease', text, DEFAULT_LEASE_POLICY.longestMs);
}

export function checkExtension(text: string): void {
  extensionMs(text, DEFAULT_LEASE_POLICY.longestMs);
}

export function checkDigest(text: string): string {
  return digestOf(text);
}
