import { baseName } from './base-name.js';
import { hostForm } from './host-name.js';
import type { Policy } from './policy.js';
import { protectedProcessName } from './protected.js';
import type { Target } from './target.js';

/** What is known of a host; `null` where nobody has asked the server yet. */
export interface KnownHost {
  names: string[];
  groupId: number | null;
  sensorId: number | null;
  os: string | null;
  osType: Target['osType'] | null;
}

export function knownHost(target: Target): KnownHost {
  const { hostname, dnsName, groupId, sensorId, os, osType } = target;
  return { names: dnsName === null ? [hostname] : [hostname, dnsName], groupId, sensorId, os, osType };
}

/** Rules of a policy that protect this host, in words; empty: it is not protected (hazard H2). */
export function hostProtectedBy(rules: Policy['protectedHosts'], host: KnownHost): string[] {
  const names = host.names.map(hostForm).flatMap((name) => [name, name.split('.')[0] as string]);
  return [
    ...rules.names
      .filter((glob) => names.some((name) => matchesGlob(glob, name)))
      .map((glob) => `name ${glob}`),
    ...(host.groupId !== null && rules.groupIds.includes(host.groupId) ? [`group ${host.groupId}`] : []),
    ...(host.sensorId !== null && rules.sensorIds.includes(host.sensorId) ? [`sensor ${host.sensorId}`] : []),
    ...(host.osType !== null && rules.osTypes.includes(host.osType) ? [`system ${host.osType}`] : []),
    ...(host.os !== null && rules.servers && isServerOs(host.os) ? [`it is a server (${host.os})`] : []),
  ];
}

/** Rules that cannot be judged before the server was asked. */
export function hostRulesOpen(rules: Policy['protectedHosts'], host: KnownHost): string[] {
  const open = (name: string, values: readonly unknown[], known: unknown): string[] =>
    known === null && values.length > 0 ? [`${name} ${values.join(', ')}`] : [];
  return [
    ...open('group', rules.groupIds, host.groupId),
    ...open('sensor', rules.sensorIds, host.sensorId),
    ...open('system', rules.osTypes, host.osType),
    ...(rules.servers && host.os === null ? ['it is a server'] : []),
  ];
}

/** Whether the system's name, as the server tells it, is that of a server: Windows Server, RHEL Server, … */
export function isServerOs(os: string): boolean {
  return /server|domain controller/i.test(os);
}

/** `*` stands for any characters, `?` for one; in any case, and always the whole name. */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = glob.toLowerCase();
  const subject = text.toLowerCase();
  let p = 0;
  let s = 0;
  let star = -1;
  let from = 0;
  while (s < subject.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p;
      from = s;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === subject[s])) {
      p += 1;
      s += 1;
    } else if (star >= 0) {
      // The last star takes one more character; no earlier one needs to.
      p = star + 1;
      from += 1;
      s = from;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** Why the policy keeps this process alive, or `null`. An entry with a slash is a full path, any other a base name. */
export function protectedByPolicy(path: string, entries: readonly string[]): string | null {
  if (entries.length === 0) return null;
  const form = protectedForm(path);
  const name = baseName(form);
  if (name === '') return null;
  const entry = entries.find((e) => {
    const of = protectedForm(e);
    return /\\/.test(of) ? of === form : of === name;
  });
  return entry === undefined ? null : `The policy protects ${entry} (protectedProcesses).`;
}

/** The built-in list and the policy's together: why nothing of this name or path may be killed, or `null` (hazard H8). */
export function protectedFromKill(
  path: string,
  osType: Target['osType'] | null,
  entries: readonly string[],
): string | null {
  return protectedProcessName(path, osType) ?? protectedByPolicy(path, entries);
}

/** On every system in any case, with both kinds of slash: what is protected by mistake can be killed by hand. */
function protectedForm(path: string): string {
  return path
    .trim()
    .toLowerCase()
    .replaceAll('/', '\\')
    .replace(/^\\\\[?.]\\|^\\\?\?\\/, '')
    .replace(/ \(deleted\)$/, '')
    .replace(/[. ]+$/, '');
}
