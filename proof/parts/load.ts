import { CHECKIN_S, fleetOf, OUR_SLOTS, SERVER_SLOTS } from '../load/fleet.js';
import { limitsOf } from '../load/limits.js';
import { runOurs } from '../load/ours.js';
import { runVendor, type VendorRun } from '../load/vendor.js';
import { judgeOurs, judgeVendor, notCompared } from '../load/verdict.js';
import { type PartResult, type ProofOptions, type ProofPart, replayCommand } from '../part.js';

const HOSTS = 500;
const HOSTS_IN_CI = 40;
/** With fewer a start weighs as much as the waves. */
const HOSTS_TO_COMPARE = 100;
/** The vendor's scheduler is stopped then, and judged by the hosts that it had done. */
const VENDOR_MS = 420_000;

export const load: ProofPart = {
  name: 'load',
  about: "a fleet contained at once with ten Live Response slots, and by the vendor's own scheduler",
  inCi: true,
  run,
};

/** `--only ours` leaves the vendor's client out. */
async function run(o: ProofOptions): Promise<PartResult> {
  const n = o.n ?? (o.ci ? HOSTS_IN_CI : HOSTS);
  const hosts = fleetOf(n, o.seed);
  const limits = limitsOf(n, OUR_SLOTS, CHECKIN_S);
  const ours = await runOurs(hosts, o.log);
  o.log(`ours: last kill after ${ours.lastKillS} s`);
  const again = (only: string): string => `${replayCommand('load', o, only)} --n ${n}`;
  // A busy machine of somebody else's makes a short form late, and that says nothing.
  const inTime = !o.ci && n >= HOSTS_TO_COMPARE;
  const server = limitsOf(n, SERVER_SLOTS, CHECKIN_S);
  const judged = judgeOurs(ours, { hosts: n, limits, server, inTime, replay: again('ours') });
  const vendor = o.ci || o.only === 'ours' ? null : await vendorOf(o, hosts);
  const isWhole = inTime && o.only !== 'ours';
  const replay = again('all');
  const beside = !isWhole
    ? { rows: [], violations: [] }
    : vendor === null
      ? notCompared(replay)
      : judgeVendor(ours, vendor, { replay });
  return {
    rows: [...judged.rows, ...beside.rows],
    violations: [...judged.violations, ...beside.violations],
    data: {
      hosts: n,
      checkinSeconds: CHECKIN_S,
      limits: { ours: limits, server },
      ours,
      vendor,
    },
  };
}

async function vendorOf(o: ProofOptions, hosts: Parameters<typeof runVendor>[0]): Promise<VendorRun | null> {
  const vendor = await runVendor(hosts, VENDOR_MS);
  if ('missing' in vendor) {
    o.log(`not compared: the vendor's client cannot be had here (${vendor.missing})`);
    return null;
  }
  o.log(`vendor: ${vendor.doneS.length} hosts, the last kill after ${vendor.doneS.at(-1) ?? '-'} s`);
  return vendor;
}
