/** What a scenario file may say; documented for people in docs/simulator.md. */
import { z } from 'zod';

/** Thirty years: later or earlier is a slip of the pen, and some of it no date at all. */
const seconds = z.number().nonnegative().max(1e9);
const milliseconds = z.number().nonnegative().max(1e12);
const id = z.number().int().positive().max(2_147_483_647);
const pid = z.number().int().nonnegative().max(4_294_967_295);
const md5 = z.string().regex(/^[0-9a-fA-F]{32}$/, 'expected 32 hex digits');

const respawn = z.strictObject({
  /** ms from its death to the next instance. */
  afterMs: milliseconds.default(500),
  /** How many more instances; "forever" for no end. */
  times: z.union([z.number().int().nonnegative(), z.literal('forever')]).default('forever'),
  /** The next instance gets the same pid. */
  samePid: z.boolean().default(false),
});

const processSpec = z.strictObject({
  path: z.string().min(1),
  pid: pid.optional(),
  /** pid of its parent in this scenario. */
  parent: pid.optional(),
  commandLine: z.string().optional(),
  username: z.string().optional(),
  /** Name of its synthetic file: same name, same MD5, on every host. Default: base name of the path. */
  binary: z.string().optional(),
  /** Seconds between its start and the simulator's. */
  startedAgo: seconds.default(3600),
  /** Starts this long after the simulator instead. */
  startsAfter: seconds.optional(),
  /** Cannot be killed: access denied, as of the system itself. */
  protected: z.boolean().default(false),
  /** What a kill does: end it, be refused (0x80070005), report success and change nothing. */
  kill: z.enum(['ends', 'denied', 'ignored']).default('ends'),
  /** ms between the kill's success and the end of the process. */
  killDelayMs: milliseconds.default(0),
  respawn: respawn.optional(),
  /** After its death an unrelated process gets its pid. */
  pidReusedBy: z.strictObject({ afterMs: milliseconds, path: z.string().min(1) }).optional(),
  /** Search rows of this process. */
  segments: z.number().int().positive().max(1_000).optional(),
  /** Seconds from start until it can be searched; null: never. Default: the server's lag. */
  indexedAfter: seconds.nullable().optional(),
  /** Ended already: seconds before the simulator's start. It is in the index, not in the process list. */
  endedAgo: seconds.optional(),
});

const sensorSpec = z.strictObject({
  id: id.optional(),
  hostname: z.string().min(1),
  /** Default: the host name. */
  dnsName: z.string().optional(),
  os: z.enum(['windows', 'macos', 'linux']).default('windows'),
  /** The system's full name as the server shows it; default: that of a workstation. */
  osName: z.string().optional(),
  groupId: id.default(1),
  ip: z.ipv4().optional(),
  registeredAgo: seconds.default(30 * 86_400),
  /** Where in the interval it checks in, 0 to 1. */
  checkinPhase: z.number().min(0).max(1).optional(),
  /** Seconds after the simulator's start when it comes online; null: never. Default: online. */
  onlineFrom: seconds.nullable().optional(),
  /** Seconds after the simulator's start when it goes offline for good. */
  offlineFrom: seconds.optional(),
  /** Of an offline sensor: how long before the start it was last seen, seconds. */
  lastSeenAgo: seconds.default(86_400),
  supportsIsolation: z.boolean().default(true),
  supportsLiveResponse: z.boolean().default(true),
  uninstalled: z.boolean().default(false),
  isolated: z.boolean().default(false),
  /** Isolation is lost at a reboot until the next check-in (Windows sensors before 7.4.1). */
  rebootDropsIsolation: z.boolean().default(true),
  buildVersion: z.string().optional(),
  notes: z.string().nullable().default(null),
  processes: z.array(processSpec).default([]),
  /** What becomes of a program that came by Live Response's `put file`, as altered programs fare on some systems. */
  uploaded: z
    .strictObject({
      starts: z.enum(['runs', 'refused', 'dies']).default('runs'),
      kill: z.enum(['ends', 'denied', 'ignored']).default('ends'),
    })
    .prefault({}),
  /** More files on its disk: path to binary name. */
  files: z.record(z.string(), z.string()).default({}),
  /** Adds the processes that every host of this system runs. */
  ordinaryProcesses: z.boolean().default(true),
});

const binarySpec = z.strictObject({
  bytes: z.number().int().nonnegative().max(100_000_000).default(4096),
  signed: z
    .enum([
      'Signed',
      'Unsigned',
      'Expired',
      'Bad Signature',
      'Invalid Signature',
      'Invalid Chain',
      'Untrusted Root',
      'Explicit Distrust',
      '(Unknown)',
    ])
    .optional(),
  publisher: z.string().optional(),
  description: z.string().optional(),
  product: z.string().optional(),
  /** Hosts that ever saw it; default: counted. */
  hostCount: z.number().int().nonnegative().optional(),
  trusted: z.boolean().optional(),
});

export const scenarioSchema = z.strictObject({
  name: z.string(),
  description: z.string().default(''),
  checkinSeconds: z.number().positive().max(86_400).default(30),
  groups: z
    .array(
      z.strictObject({
        id,
        name: z.string(),
        bansEnforced: z.boolean().default(true),
      }),
    )
    .default([{ id: 1, name: 'Default Group', bansEnforced: true }]),
  binaries: z.record(z.string(), binarySpec).default({}),
  bans: z
    .array(
      z.strictObject({
        md5: md5.optional(),
        /** Instead of md5: the MD5 of this binary. */
        binary: z.string().optional(),
        text: z.string().default(''),
        enabled: z.boolean().default(true),
        username: z.string().default('analyst'),
      }),
    )
    .default([]),
  sensors: z.array(sensorSpec),
  /** Sensors without processes, to make up a large fleet. */
  fillerSensors: z.number().int().nonnegative().max(100_000).default(0),
});

/** A scenario as its author writes it (defaults may be left out). */
export type Scenario = z.input<typeof scenarioSchema>;
export type ParsedScenario = z.output<typeof scenarioSchema>;
export type SensorSpec = z.output<typeof sensorSpec>;
export type ProcessSpec = z.output<typeof processSpec>;
export type BinarySpec = z.output<typeof binarySpec>;
export { processSpec as processSpecSchema };
