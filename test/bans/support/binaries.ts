import type { Scenario } from '../../../simulator/index.js';
import { evil, host, md5Of, scenario } from '../../workflows/support/hosts.js';

type Binary = NonNullable<Scenario['binaries']>[string];

/** Files that a server knows, one of each kind that a ban is judged by; each runs on the first host under its own name. */
export const BINARIES = {
  windows: { signed: 'Signed', publisher: 'Microsoft Windows' },
  office: { signed: 'Signed', publisher: 'Microsoft Corporation' },
  apple: { signed: 'Signed', publisher: 'Apple Inc.' },
  redhat: { signed: 'Signed', publisher: 'Red Hat, Inc.' },
  sensor: { signed: 'Signed', publisher: 'Carbon Black, Inc.' },
  vmware: { signed: 'Signed', publisher: 'VMware, Inc.' },
  driver: { signed: 'Signed', publisher: 'Microsoft Windows Hardware Compatibility Publisher' },
  lookalike: { signed: 'Signed', publisher: 'Microsoftware Ltd' },
  forged: { signed: 'Bad Signature', publisher: 'Microsoft Corporation' },
  chain: { signed: 'Invalid Chain', publisher: 'Microsoft Corporation' },
  expired: { signed: 'Expired', publisher: 'Microsoft Windows' },
  expiredTool: { signed: 'Expired', publisher: 'RealVNC Ltd' },
  tool: { signed: 'Signed', publisher: 'RealVNC Ltd' },
  house: { signed: 'Signed', publisher: 'Example Corp' },
  few: { signed: 'Unsigned', hostCount: 25 },
  many: { signed: 'Unsigned', hostCount: 26 },
  rare: { signed: 'Unsigned', hostCount: 1 },
  lifted: { signed: 'Unsigned', hostCount: 1 },
  liftedAndMany: { signed: 'Unsigned', hostCount: 400 },
  standing: { signed: 'Unsigned', hostCount: 1 },
  standingSystem: { signed: 'Signed', publisher: 'Microsoft Windows' },
} satisfies Record<string, Binary>;
export type BinaryName = keyof typeof BINARIES;

export const md5 = (name: BinaryName): string => md5Of(name);

/** A fleet of 100 sensors. The bans are bob's. */
export function guarded(more: { hosts?: number } = {}): Scenario {
  const hosts = more.hosts ?? 1;
  return scenario(
    [
      ...Array.from({ length: hosts }, (_, i) => host(i + 1)),
      host(hosts + 1, {
        processes: Object.keys(BINARIES).map((binary, i) =>
          evil(0, { path: `c:\\x\\${binary}.exe`, pid: 3000 + 4 * i, binary }),
        ),
      }),
    ],
    {
      binaries: BINARIES,
      bans: [
        { binary: 'lifted', username: 'bob', enabled: false },
        { binary: 'liftedAndMany', username: 'bob', enabled: false },
        { binary: 'standing', username: 'bob', text: 'by hand' },
        { binary: 'standingSystem', username: 'bob', text: 'a mistake' },
      ],
      fillerSensors: 99 - hosts,
    },
  );
}
