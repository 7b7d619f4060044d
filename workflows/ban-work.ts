import { baseName, type ProcessReport } from '../contract/index.js';
import { Slots } from './slots.js';

/** What is to be banned, whoever found it, and what was taken up of it already. */
export class BanWork {
  /** Hashes that were given and not taken up yet. */
  readonly pending: string[] = [];
  /** Hashes that became known after their plan was carried out: they are planned on their own. */
  readonly late: { md5: string; guid: string }[] = [];
  /** Hashes whose ban was tried: whatever came back, it may stand. */
  readonly tried = new Set<string>();
  /** A server is asked for so many bans at once, whoever found the hashes. */
  readonly slots = new Slots(4);
  private readonly given = new Set<string>();
  private readonly names = new Set<string>();
  private readonly namesTaken = new Set<string>();
  private readonly instancesTaken = new Set<string>();

  /** Returns those that nobody gave before. */
  give(md5s: readonly string[]): string[] {
    const fresh = [...new Set(md5s)].filter((md5) => !this.given.has(md5));
    for (const md5 of fresh) this.given.add(md5);
    this.pending.push(...fresh);
    return fresh;
  }

  /** The name of what is to be killed, as a selector gives it: alone, or in a path. */
  addName(nameOrPath: string): void {
    this.names.add(baseName(nameOrPath));
  }

  get freshNames(): string[] {
    return [...this.names].filter((name) => !this.namesTaken.has(name));
  }

  takeNames(): string[] {
    const fresh = this.freshNames;
    for (const name of fresh) this.namesTaken.add(name);
    return fresh;
  }

  freshInstances(matched: readonly ProcessReport[]): ProcessReport[] {
    return matched.filter(({ guid }) => !this.instancesTaken.has(guid));
  }

  takeInstances(matched: readonly ProcessReport[]): ProcessReport[] {
    const fresh = this.freshInstances(matched);
    for (const { guid } of fresh) this.instancesTaken.add(guid);
    return fresh;
  }
}
