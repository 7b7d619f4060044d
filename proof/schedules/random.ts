import { seeded } from '../../bench/measure/seeded.js';

/** Draws that are the same for the same seed. */
export class Random {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = seeded(Math.imul(seed, 0x9e37_79b1));
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True in so many of a hundred. */
  percent(of: number): boolean {
    return this.next() * 100 < of;
  }

  one<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)] as T;
  }

  /** One of the keys, as often as its weight says. */
  weighted<K extends string>(weights: Record<K, number>): K {
    const entries = Object.entries(weights) as [K, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) if ((left -= weight) < 0) return key;
    return (entries.at(-1) as [K, number])[0];
  }

  /** Any number whose size is as likely to be small as large: from `least` to `most`. */
  size(least: number, most: number): number {
    return Math.round(least * (most / least) ** this.next());
  }
}
