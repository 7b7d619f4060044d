import { badSetting, fail, type Finding, ok, warn } from './finding.js';

type Loaded = Awaited<ReturnType<typeof load>>;
type Cb = Loaded['cb'];

async function load(profile: string | undefined) {
  const { CbResponse, loadCbResponseConfig } = await import('../../cb-response/index.js');
  const config = loadCbResponseConfig({ profile });
  return { cb: new CbResponse(config), source: config.source };
}

/** The Cb server: configuration, token, version, what is switched on, and whether any sensor can be seen. */
export async function checkCbServer(profile: string | undefined): Promise<Finding[]> {
  let loaded: Loaded;
  try {
    loaded = await load(profile);
  } catch (error) {
    const failed = (error as { nothingGiven?: unknown }).nothingGiven === true ? fail : badSetting;
    return [
      failed('server', 'Cb configuration', messageOf(error), 'docs/configuration.md lists every setting.'),
    ];
  }
  const { cb, source } = loaded;
  try {
    const found = ok('server', 'Cb configuration', `${cb.serverName}, from ${source}`);
    return [found, ...(await serverFindings(cb)), ...(await sensorFindings(cb))];
  } catch (error) {
    const found = fail('server', `Cb server ${cb.serverName}`, messageOf(error), remedyOf(error));
    return [isSilent(error) ? { ...found, unreachable: true } : found];
  } finally {
    cb.close();
  }
}

async function serverFindings(cb: Cb): Promise<Finding[]> {
  const info = await cb.info();
  return [
    ok('server', `Cb server ${cb.serverName}`, `version ${info.version}, it knows the token`),
    info.cblrEnabled === false
      ? fail(
          'server',
          'Live Response',
          'switched off on the server: nothing can be killed',
          'Switch it on in the console (or in cb.conf), or contain with --no-kill.',
        )
      : ok('server', 'Live Response', info.cblrEnabled === null ? 'the server does not say' : 'on'),
    info.banningEnabled === false
      ? warn(
          'server',
          'Banning',
          'switched off on the server: bans are recorded, not enforced',
          "Switch it on in the console's settings.",
        )
      : ok('server', 'Banning', info.banningEnabled === null ? 'the server does not say' : 'on'),
  ];
}

async function sensorFindings(cb: Cb): Promise<Finding[]> {
  const sensors = await cb.sensors.search({});
  if (sensors.length === 0) {
    return [
      fail(
        'server',
        'Sensors',
        'the token sees none: it probably lacks rights',
        "Give the token's user analyst rights on the sensor groups, with isolation and Live Response.",
      ),
    ];
  }
  const online = sensors.filter((sensor) => sensor.online).length;
  return [ok('server', 'Sensors', `${sensors.length} visible, ${online} online`)];
}

/** Nobody is there, or no answer came. */
function isSilent(error: unknown): boolean {
  const { kind } = (error ?? {}) as { kind?: unknown };
  return kind === 'unreachable' || kind === 'unknown-outcome';
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}

function remedyOf(error: unknown): string {
  const remedy = (error as { remedy?: unknown } | null)?.remedy;
  return typeof remedy === 'string' ? remedy : 'Check CBAPI_URL and CBAPI_TOKEN, or the profile.';
}
