import type { Op } from './script.js';

interface Held {
  id: string;
  /** Round in whose middle it ends, or null: until given back. */
  endsIn: number | null;
}

/**
 * What must be true of one sensor, round by round: a host is isolated exactly as long as somebody holds it, and what
 * others did is theirs. Nothing of the playbook's own code is in here.
 */
export class Model {
  /** The wish on the server. */
  wish = false;
  /** Whether a lease runs; what a terminated one left is kept. */
  lease: 'none' | 'runs' | 'dead' = 'none';
  holds: Held[] = [];
  /** The isolation that stands, or stood until somebody withdrew it, is our own doing. */
  private ours = false;
  /** The lease saw that our wish was withdrawn: it is told, and left at that. */
  private seenGone = false;
  /** Every change of the wish, as the ledger has it. */
  readonly changes: string[] = [];
  private count = 0;

  /** Applies an op in the given round. Says what is to be done to the real thing; null: nothing. */
  apply(op: Op, round: number): { hold?: string; endsIn?: number | null } | null {
    switch (op.do) {
      case 'nothing':
        return null;
      case 'hold': {
        this.revive(round);
        const id = `person/${(this.count += 1)}`;
        const endsIn = op.rounds === null ? null : round + op.rounds;
        this.holds.push({ id, endsIn });
        this.lease = 'runs';
        this.place();
        return { hold: id, endsIn };
      }
      case 'extend': {
        const hold = this.pick(op.which, round);
        if (hold === null) return null;
        const revived = this.revive(round);
        hold.endsIn = op.rounds === null ? null : round + op.rounds;
        if (revived) this.lookAnew();
        return { hold: hold.id, endsIn: hold.endsIn };
      }
      case 'release': {
        const hold = this.pick(op.which, round);
        if (hold === null) return null;
        const revived = this.revive(round);
        this.holds = this.holds.filter((h) => h !== hold);
        if (revived) this.lookAnew();
        this.releaseWhenFree();
        return { hold: hold.id };
      }
      case 'console':
        if (this.wish === op.wish) return {};
        this.wish = op.wish;
        this.changes.push(`${op.wish ? 'set' : 'cleared'} by console`);
        if (this.lease === 'runs') this.notice();
        else if (this.lease === 'none') this.ours = false;
        return {};
      case 'terminate':
        if (this.lease !== 'runs') return null;
        this.lease = 'dead';
        return {};
      case 'take-up':
        // A foreign isolation is kept and reported, one that is gone needs nobody.
        if (this.lease !== 'dead' || !this.wish || !this.ours) return null;
        this.revive(round);
        this.lookAnew();
        return {};
    }
  }

  /** The ends that come in this round. A lease that is dead ends nothing. */
  timePasses(round: number): void {
    if (this.lease !== 'runs') return;
    this.holds = this.holds.filter((h) => h.endsIn === null || h.endsIn > round);
    this.releaseWhenFree();
  }

  /** A hold that stands: one whose end came while the lease was dead is neither there nor gone. */
  private pick(which: number, round: number): Held | null {
    const standing = this.holds.filter((h) => h.endsIn === null || h.endsIn >= round);
    return standing[which % Math.max(1, standing.length)] ?? null;
  }

  /** A terminated lease is taken up: its ends are made up for. */
  private revive(round: number): boolean {
    if (this.lease !== 'dead') return false;
    this.lease = 'runs';
    this.holds = this.holds.filter((h) => h.endsIn === null || h.endsIn >= round);
    return true;
  }

  /** What stands is looked at anew for those who still hold; what a person withdrew before their eyes stays withdrawn. */
  private lookAnew(): void {
    if (this.holds.length === 0) return;
    if (this.seenGone) this.notice();
    else this.place();
  }

  private place(): void {
    if (this.wish) {
      if (this.seenGone) this.ours = false;
    } else {
      this.wish = true;
      this.ours = true;
      this.changes.push('set by playbook');
    }
    this.seenGone = false;
  }

  private notice(): void {
    if (!this.wish) this.seenGone = true;
    else if (this.seenGone) {
      this.ours = false;
      this.seenGone = false;
    }
  }

  private releaseWhenFree(): void {
    if (this.holds.length > 0) return;
    if (this.wish && this.ours && !this.seenGone) {
      this.wish = false;
      this.changes.push('cleared by playbook');
    }
    this.lease = 'none';
    this.ours = false;
    this.seenGone = false;
  }
}
