import { NoWorkerError, PlaybookError } from '../../client/errors.js';
import { containmentId, PLAYBOOK_VERSION, TASK_QUEUES } from '../../contract/index.js';
import { cbKind, type Sensor } from './cb.js';
import { steady } from './hand.js';
import { intervalMs, type Lab } from './lab.js';
import { standing } from './live.js';
import { recipeFor } from './marker.js';
import type { SelftestObjection } from './receipt.js';

/**
 * Looks at server, Temporal, worker and host, and changes nothing: every objection at once.
 * @throws what says that something does not answer: a {@link PlaybookError} or an error of the Cb client.
 */
export async function look(lab: Lab): Promise<SelftestObjection[]> {
  const { playbook } = lab.deps;
  const temporal = await playbook.check();
  lab.receipt.versions = {
    playbook: PLAYBOOK_VERSION,
    node: process.version,
    temporal: temporal.serverVersion,
  };
  const { workflows, activities, liveResponse } = temporal.pollers;
  if (workflows.length === 0 || activities.length === 0)
    throw new NoWorkerError(TASK_QUEUES.main, 'Nothing was changed.');
  if (liveResponse.length === 0) throw new NoWorkerError(TASK_QUEUES.liveResponse, 'Nothing was changed.');
  const { cb } = lab.hand;
  const info = await steady(lab.hand, (o) => cb.info(o));
  lab.receipt.server.version = info.version;
  if (info.banningEnabled === false)
    lab.receipt.notes.push(`Banning is off on the server: bans are recorded and enforced nowhere.`);
  const found = await findSensor(lab);
  if (!('id' in found)) return [found];
  lab.sensor = found;
  lab.recipe = recipeFor(found.osType, lab.request.recipe);
  lab.receipt.sensor = {
    id: found.id,
    hostname: found.computerName,
    os: found.os,
    osType: found.osType,
    buildVersion: found.buildVersion,
    groupId: found.groupId,
    checkinSeconds: intervalMs(found) / 1_000,
  };
  const objections = [
    ...hostObjections(lab, found),
    ...(info.cblrEnabled === false ? [LIVE_RESPONSE_OFF] : await sessionObjections(lab, found)),
    ...(await runObjections(lab, found)),
  ];
  // Asked of the worker only where nothing else stands in the way: it is a run of its own.
  return objections.length > 0 ? objections : await guardObjections(lab, found);
}

const LIVE_RESPONSE_OFF: SelftestObjection = {
  what: 'Live Response is switched off on the server.',
  settledBy: 'CbLREnabled=True in the server’s cb.conf and a restart.',
};

async function findSensor(lab: Lab): Promise<Sensor | SelftestObjection> {
  const { hostname, sensorId } = lab.request;
  const target = {
    ...(hostname === undefined ? {} : { hostname }),
    ...(sensorId === undefined ? {} : { sensorId }),
  };
  const asked = hostname ?? `sensor ${sensorId}`;
  const match = await steady(lab.hand, (o) => lab.hand.cb.sensors.findExactlyOne(target, o));
  const named = (sensors: readonly Sensor[]): string =>
    sensors.map((s) => `${s.computerName} (sensor ${s.id}, ${s.status})`).join(', ');
  switch (match.kind) {
    case 'one':
      return match.sensor;
    case 'several':
      return {
        what: `Several sensors are called ${asked}: ${named(match.candidates)}.`,
        settledBy: 'Name the one that lives: --sensor-id N.',
      };
    case 'disagree':
      return { what: `${hostname} is not sensor ${sensorId}.`, settledBy: 'Give the one that is meant.' };
    case 'none':
      return match.visible
        ? {
            what: `There is no host ${asked}.${match.nearest.length > 0 ? ` Nearest: ${named(match.nearest)}.` : ''}`,
            settledBy: 'Give the exact name of one lab host.',
          }
        : {
            what: 'The token sees no sensor at all.',
            settledBy: "Give the token's user analyst rights on the lab host's group.",
          };
  }
}

function hostObjections({ recipe }: Lab, sensor: Sensor): SelftestObjection[] {
  const host = sensor.computerName;
  const objections: SelftestObjection[] = [];
  const object = (what: string, settledBy: string): unknown => objections.push({ what, settledBy });
  if (!sensor.online) object(`${host} is ${sensor.status}.`, 'Switch it on, and wait for its check-in.');
  if (!sensor.supportsIsolation)
    object(`The sensor on ${host} cannot isolate its host.`, 'A newer sensor, or another host.');
  if (!sensor.supportsLiveResponse)
    object(`The sensor on ${host} has no Live Response.`, 'A newer sensor, or another host.');
  if (recipe === null)
    object(`The system of ${host} is not known (${sensor.os}).`, 'A host with Windows, macOS or Linux.');
  if (sensor.wish || sensor.fact) {
    const state = sensor.wish ? 'is to be isolated' : 'is still isolated';
    object(
      `${host} ${state} already (wish ${sensor.wish}, fact ${sensor.fact}): a self-test would not know whose isolation it is.`,
      `See by whom: cb-playbook status ${host}; then cb-playbook release ${host} --reason TEXT, or the console.`,
    );
  }
  return objections;
}

async function sessionObjections(lab: Lab, sensor: Sensor): Promise<SelftestObjection[]> {
  try {
    const ids = await standing(lab.hand, sensor.id);
    return ids.map((id) => ({
      what: `Somebody has Live Response session ${id} of ${sensor.computerName}.`,
      settledBy: 'Have it closed, or wait until it times out (five minutes without a command).',
    }));
  } catch (error) {
    if (cbKind(error) === 'live-response-off') return [LIVE_RESPONSE_OFF];
    if (cbKind(error) !== 'forbidden') throw error;
    return [
      {
        what: 'The token may not use Live Response.',
        settledBy: 'Give its user the right "Execute Live Response".',
      },
    ];
  }
}

/** Containments that run for this host, holds on it, and a playbook that is paused. */
async function runObjections(lab: Lab, sensor: Sensor): Promise<SelftestObjection[]> {
  const { playbook } = lab.deps;
  const objections: SelftestObjection[] = [];
  const names = [lab.request.hostname, sensor.computerName, sensor.dnsName].filter(
    (name) => name !== undefined && name !== '',
  );
  const ids = new Set([
    ...names.map((hostname) => containmentId({ hostname })),
    containmentId({ sensorId: sensor.id }),
  ]);
  for (const id of ids) {
    const running = await playbook.status(id).then(
      (status) => status.receipt === null && status.verdict === null,
      (error: unknown) =>
        error instanceof PlaybookError && error.code !== 'StillRunning'
          ? false
          : Promise.reject(error as Error),
    );
    if (running)
      objections.push({ what: `${id} is running.`, settledBy: `Wait for its end: cb-playbook status ${id}` });
  }
  const host = await playbook.hostStatus(`sensor-${sensor.id}`, { signal: lab.hand.signal });
  for (const { who, workflowId, reason } of host.holds) {
    objections.push({
      what: `${workflowId ?? who ?? 'Somebody'} holds the isolation of ${sensor.computerName}${reason === null ? '' : ` (${reason})`}.`,
      settledBy: `cb-playbook release ${sensor.computerName} --reason TEXT`,
    });
  }
  const brakes = await playbook.brakes();
  if (brakes.paused)
    objections.push({
      what: `The playbook is paused: ${brakes.why ?? 'no reason given'}`,
      settledBy: 'cb-playbook resume',
    });
  return objections;
}

/** What the worker's guard rails say of a containment of this host; and whether it is a worker of this server. */
async function guardObjections(lab: Lab, sensor: Sensor): Promise<SelftestObjection[]> {
  const run = await lab.deps.playbook.containEndpoint({
    hostname: lab.request.hostname ?? sensor.computerName,
    sensorId: sensor.id,
    kill: false,
    dryRun: true,
    reason: `Before cb-playbook selftest ${lab.receipt.id}.`,
    ...(lab.request.by === undefined ? {} : { requestedBy: lab.request.by }),
  });
  const { target, plan, problems } = await run.waitForReceipt({
    timeoutMs: lab.limits.noWorkerMs,
    signal: lab.hand.signal,
  });
  if (target !== null && target.server !== lab.hand.cb.serverName) {
    return [
      {
        what: `The worker works on ${target.server}, and the credentials here are of ${lab.hand.cb.serverName}.`,
        settledBy: 'Use the same server for both; one that has two names gets one by CB_SERVER_NAME.',
      },
    ];
  }
  const said = (plan?.objections ?? []).map(({ message, settledBy }) => ({ what: message, settledBy }));
  if (said.length > 0 || plan !== null) return said;
  return problems.map(({ message }) => ({
    what: message,
    settledBy: 'Settle what the worker says, and try again.',
  }));
}
