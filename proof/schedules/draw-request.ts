import type { ContainRequest } from '../../contract/index.js';
import { HUNTED, md5Of } from './draw-hosts.js';
import type { Random } from './random.js';
import type { BanPlan, HostPlan, Stage } from './schedule.js';

/** Hashes that schedules may name: of what runs on the host, of nothing at all. */
export function drawMd5(random: Random, seed: number, host: HostPlan): string {
  const binaries = host.processes.flatMap(({ binary, path }) =>
    binary !== undefined && !isAlike(host, path) ? [binary] : [],
  );
  if (binaries.length === 0 || random.percent(50)) return md5Of(`nowhere-${seed}-${random.int(1, 3)}`);
  return md5Of(random.one(binaries));
}

function isAlike(host: HostPlan, path: string): boolean {
  return (HUNTED[host.os].alike as readonly string[]).includes(path);
}

export function drawBans(random: Random, seed: number, host: HostPlan): BanPlan[] {
  if (!random.percent(20)) return [];
  return [{ md5: drawMd5(random, seed, host), enabled: random.percent(60) }];
}

/** A request as a person or an alert may send it; `null` choices are left away. */
export function drawRequest(random: Random, seed: number, host: HostPlan, stage: Stage): ContainRequest {
  const isolate = random.percent(88);
  const kill = random.percent(93);
  const given = random.percent(28) || (!isolate && !kill) ? [drawMd5(random, seed, host)] : [];
  const quick = stage === 'crash';
  const onFailure = random.weighted({ default: 40, auto: 8, release: 20, keep: 20, ask: 12 });
  const approval = random.weighted({ none: 90, 'before-kill': 6, 'before-all': 4 });
  const selector = kill ? drawSelector(random, host) : { kill };
  const scopes =
    'processMd5' in selector || !kill ? { instance: 50, none: 50 } : { instance: 35, name: 30, none: 35 };
  const offline = random.weighted({ default: 70, wait: 10, fail: 8, 'isolate-only': 12 });
  return {
    ...(random.percent(85) ? { hostname: host.hostname } : { sensorId: host.sensorId }),
    ...selector,
    ...(isolate ? {} : { isolate }),
    ...(given.length > 0 ? { banMd5: given } : {}),
    ...(random.percent(40)
      ? { banScope: random.weighted<'instance' | 'name' | 'none'>({ name: 0, ...scopes }) }
      : {}),
    ...(onFailure === 'default' ? {} : { onFailure }),
    ...(onFailure === 'ask'
      ? {
          askTimeout: quick ? '15s' : '20m',
          askDefault: random.one(['auto', 'release', 'keep'] as const),
        }
      : {}),
    ...(random.percent(30) ? { lease: quick ? random.one(['10s', '2h']) : random.one(['10m', '4h']) } : {}),
    ...(offline === 'default' ? {} : { offline }),
    offlineFor: quick ? '45s' : random.one(['30m', '3h', '12h']),
    ...(random.percent(20) ? { offlineWish: 'withhold' as const } : {}),
    ...(random.percent(25) ? { offlineExpire: 'withdraw' as const } : {}),
    ...(random.percent(15) ? { onDrift: 'reassert' as const } : {}),
    ...(approval === 'none' ? {} : { approval, approvalTimeout: quick ? '10s' : '30m' }),
    ...drawPolicy(random, host),
    ...(random.percent(50) ? { requestedBy: 'ana', reason: `seed ${seed}` } : {}),
  };
}

function drawSelector(random: Random, host: HostPlan): Partial<ContainRequest> {
  const hunted = HUNTED[host.os];
  const kind = random.weighted({ name: 70, path: 18, md5: 12 });
  if (kind === 'path') return { processPath: hunted.path };
  const own = host.processes.find(({ path }) => !isAlike(host, path))?.binary;
  if (kind === 'md5' && own !== undefined) return { processMd5: md5Of(own).toUpperCase() };
  const name = host.os === 'windows' && random.percent(30) ? hunted.name.toUpperCase() : hunted.name;
  return { processName: name };
}

function drawPolicy(random: Random, host: HostPlan): Partial<ContainRequest> {
  if (!random.percent(14)) return {};
  const { otherPath, path } = HUNTED[host.os];
  const policy = random.one<Record<string, unknown>>([
    { kill: { respawn: 'report' } },
    { kill: { rounds: 2 } },
    { ban: { mostHosts: 1 } },
    { ban: { enableDisabled: false } },
    { protectedProcesses: [otherPath.replace(' (deleted)', '')] },
    { protectedProcesses: [path] },
    { protectedHosts: { sensorIds: [host.sensorId] } },
  ]);
  return { policy };
}
