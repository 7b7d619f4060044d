/**
 * Publishers whose signed files are never banned: a ban of one of them stops hosts, or cuts our only way to them, on the
 * whole fleet at once (hazard H5). All lower case; the first words of the name.
 */
const SYSTEM = [
  'microsoft',
  'apple',
  'canonical',
  'red hat',
  'suse',
  'debian',
  'centos',
  'fedora',
  'rocky enterprise software foundation',
  'almalinux',
  'oracle linux',
  'amazon linux',
];

const SENSOR = ['carbon black', 'bit9', 'vmware', 'broadcom'];

/** Names by which a system's vendor signs what others wrote: drivers, parts that ship with it, programs of its store. */
const FOR_OTHERS = [
  /^microsoft windows hardware compatibility/,
  /^microsoft .*third party/,
  /^microsoft 3rd party/,
  /^apple (?:mac|iphone) os application signing/,
];

/** Whose vendor a publisher is; `null`: a third party. Only a good signature makes it more than a claim. */
export function vendorOf(publisher: string): 'system' | 'sensor' | null {
  const name = publisher.trim().toLowerCase();
  if (FOR_OTHERS.some((pattern) => pattern.test(name))) return null;
  const isOf = (vendor: string): boolean => new RegExp(`^${vendor}(?:$|[ ,.])`).test(name);
  if (SYSTEM.some(isOf)) return 'system';
  return SENSOR.some(isOf) ? 'sensor' : null;
}
