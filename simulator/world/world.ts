import { indexLagMs, type Knobs, type Profile } from '../knobs.js';
import { profiles, type ProfileTraits } from '../profile.js';
import type { LedgerEntry, SimulatorClock } from '../types.js';
import { contentFrom, syntheticFile, type SyntheticFile } from '../content.js';
import type { Ban, BinaryTable, Group, Process, Sensor, Session } from './model.js';

interface Scheduled {
  at: number;
  seq: number;
  run: () => void;
}

interface DueCheckin {
  at: number;
  sensor: Sensor;
}

export interface WorldOptions {
  clock: SimulatorClock;
  knobs: Knobs;
  profile: Profile;
  startedAt: number;
  intervalMs: number;
  groups: Group[];
  binaries: BinaryTable;
}

/** Who or what caused an effect. */
export interface Cause {
  by?: string;
  requestN?: number;
}

/**
 * The state of the server and its hosts, a function of the clock: `settle` works through everything that was
 * due, in order and each at its own time, before anybody looks.
 */
export class World {
  readonly sensors = new Map<number, Sensor>();
  readonly sessions = new Map<number, Session>();
  /** Of these the pending and active ones: thousands may have ended. */
  readonly openSessions = new Set<Session>();
  /** By lower-case MD5. */
  readonly bans = new Map<string, Ban>();
  readonly ledger: LedgerEntry[] = [];
  readonly clock: SimulatorClock;
  readonly knobs: Knobs;
  readonly profile: Profile;
  readonly traits: ProfileTraits;
  readonly startedAt: number;
  readonly intervalMs: number;
  readonly groups: Group[];
  readonly binaries: BinaryTable;
  /** The time up to which everything has happened. */
  now: number;
  bansVersion = 0;
  nextSessionId = 1;
  nextSensorId = 1;
  tokenRevoked = false;
  /** Given by the room of check-ins. */
  checkins: {
    /** Time of this sensor's next check-in that would change something, or null. */
    nextEffective: (sensor: Sensor) => number | null;
    run: (sensor: Sensor) => void;
  } = { nextEffective: () => null, run: () => undefined };
  private readonly added = new Map<string, SyntheticFile>();
  private agenda: Scheduled[] = [];
  private seq = 0;

  constructor(options: WorldOptions) {
    this.clock = options.clock;
    this.knobs = options.knobs;
    this.profile = options.profile;
    this.traits = profiles[options.profile];
    this.startedAt = options.startedAt;
    this.intervalMs = options.intervalMs;
    this.groups = options.groups;
    this.binaries = options.binaries;
    this.now = options.startedAt;
  }

  get indexLagMs(): number {
    return indexLagMs(this.knobs);
  }

  /** Has `run` called when the clock has reached `at`; never earlier than now. */
  schedule(at: number, run: () => void): void {
    const item = { at: Math.max(at, this.now), seq: this.seq++, run };
    let low = 0;
    let high = this.agenda.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.agenda[middle]!;
      if (other.at > item.at || (other.at === item.at && other.seq > item.seq)) high = middle;
      else low = middle + 1;
    }
    this.agenda.splice(low, 0, item);
  }

  /** Lets everything happen that is due up to the clock's present time. */
  async tick(): Promise<void> {
    this.settle(await this.clock.now());
  }

  settle(until: number): void {
    for (;;) {
      const event = this.agenda[0];
      const due = this.checkinsUntil(Math.min(until, event?.at ?? until));
      if (due.length > 0) this.runInOrder(due);
      else if (event && event.at <= until) {
        this.agenda.shift();
        this.now = Math.max(this.now, event.at);
        event.run();
      } else break;
    }
    this.now = Math.max(this.now, until);
  }

  private checkinsUntil(until: number): DueCheckin[] {
    const due: DueCheckin[] = [];
    for (const sensor of this.sensors.values()) {
      const at = this.checkins.nextEffective(sensor);
      if (at !== null && at <= until) due.push({ at, sensor });
    }
    return due.sort((a, b) => a.at - b.at);
  }

  /** One check-in changes nothing for those of other hosts; what it puts on the agenda comes before those that are later. */
  private runInOrder(due: readonly DueCheckin[]): void {
    for (const { at, sensor } of due) {
      const event = this.agenda[0];
      if (event && event.at < at) return;
      this.now = Math.max(this.now, at);
      this.checkins.run(sensor);
    }
  }

  record(entry: Omit<LedgerEntry, 'at'>): void {
    const kept = Object.entries(entry).filter(([, value]) => value !== undefined);
    this.ledger.push({ at: this.now, ...(Object.fromEntries(kept) as Omit<LedgerEntry, 'at'>) });
  }

  file(binary: string): SyntheticFile {
    return this.added.get(binary) ?? syntheticFile(binary, this.binaries[binary]?.bytes);
  }

  /** Names content that no scenario made up; the same bytes have the same name. */
  addContent(content: Buffer): string {
    const file = contentFrom(content);
    const name = `uploaded ${file.md5}`;
    this.added.set(name, file);
    return name;
  }

  /** Whether the content of that name came from outside. */
  isAdded(binary: string): boolean {
    return this.added.has(binary);
  }

  group(id: number): Group | undefined {
    return this.groups.find((group) => group.id === id);
  }

  process(guid: string): Process | undefined {
    for (const sensor of this.sensors.values()) {
      const found = sensor.processes.find((process) => process.guid === guid);
      if (found) return found;
    }
    return undefined;
  }
}
