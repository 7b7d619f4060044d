import { NoWorkerError, PlaybookError } from '../../client/errors.js';
import type { Act } from '../../simulator/index.js';
import type { Play } from './play.js';
import { ANALYST, type Action } from './schedule.js';

const REASON = 'The schedule says so.';
const OPERATOR = 'ben';
const WORDS = { reason: REASON, who: OPERATOR };

/** Does what a schedule says, and writes down what came of it. Never throws. */
export async function perform(play: Play, action: Action): Promise<void> {
  const deed = {
    what: action.do,
    sensorId: sensorOf(play, action),
    md5: 'md5' in action ? action.md5 : null,
    ...{ at: await play.house.now(), settledAt: null as number | null },
    ...{ code: null as string | null, message: null as string | null },
  };
  play.deeds.push(deed);
  try {
    deed.code = (await deedOf(play, action)) ?? null;
  } catch (error) {
    const known = error instanceof PlaybookError;
    deed.code = known ? error.code : `unexpected ${(error as Error).name}`;
    deed.message = known ? error.message : withCause(error);
  }
  deed.settledAt = await play.house.now();
}

function withCause(error: unknown): string {
  const { stack, cause } = error as Error;
  return `${stack ?? String(error)}${cause instanceof Error ? `\ncaused by ${cause.message}` : ''}`;
}

function sensorOf(play: Play, action: Action): number | null {
  if ('host' in action) return play.hostAt(action.host).sensorId;
  if ('run' in action) return play.runAt(action.run)?.sensorId ?? null;
  return null;
}

/** `undefined`: done; else why it was not. */
async function deedOf(play: Play, action: Action): Promise<string | undefined> {
  const { house } = play;
  const { playbook, simulator } = house;
  const { act } = simulator;
  switch (action.do) {
    case 'cancel': {
      const run = play.runAt(action.run);
      if (run === undefined) return 'no run';
      if (run.closed !== null) return 'closed';
      return (await house.cancel(run.handle, action.policy)) ? undefined : 'not now';
    }
    case 'terminate-run': {
      const run = play.runAt(action.run);
      return run !== undefined && (await house.terminate(run.handle)) ? undefined : 'not running';
    }
    case 'terminate-lease':
      return (await house.terminate(play.leaseOf(action.host))) ? undefined : 'not running';
    case 'kill-worker':
      return void (await house.killWorker(action.downMs));
    case 'join': {
      const { host } = play.schedule.runs[action.run] as { host: number };
      try {
        const run = await playbook.containEndpoint(action.request);
        await play.follow(host, run.workflowId, run.runId, action.request);
      } catch (error) {
        if (error instanceof NoWorkerError) play.unsure(host, action.request);
        throw error;
      }
      return undefined;
    }
    case 'isolate': {
      const lease = action.lease === null ? {} : { lease: action.lease };
      return void (await playbook.isolate(hostName(play, action.host), { ...WORDS, ...lease, waitMs: 0 }));
    }
    case 'release': {
      const { allHolds } = action;
      return void (await playbook.release(hostName(play, action.host), { ...WORDS, allHolds, waitMs: 0 }));
    }
    case 'extend': {
      const host = hostName(play, action.host);
      const { holds } = await playbook.hostStatus(host);
      const holdId = holds[0]?.holdId;
      return void (await playbook.extend(host, action.duration, { who: OPERATOR, holdId }));
    }
    case 'decide': {
      const run = play.runAt(action.run);
      if (run === undefined) return 'no run';
      return void (await playbook.decide(run.workflowId, { ...WORDS, decision: action.decision }));
    }
    case 'approve': {
      const run = play.runAt(action.run);
      if (run === undefined) return 'no run';
      const { digest } = await playbook.plan(run.workflowId);
      return void (await playbook.approve(run.workflowId, { ...WORDS, digest }));
    }
    case 'deny': {
      const run = play.runAt(action.run);
      return run === undefined ? 'no run' : void (await playbook.deny(run.workflowId, WORDS));
    }
    case 'undo': {
      const run = play.runAt(action.run);
      if (run === undefined) return 'no run';
      // Nothing can be undone of a run that goes on.
      await run.ended;
      const { workflowId, runId } = run;
      const { verdict } = await playbook.undo(workflowId, { ...WORDS, runId, apply: true });
      return verdict === 'undone' || verdict === 'nothing-to-undo' ? undefined : verdict;
    }
    case 'reconcile':
      return void (await playbook.reconcile());
    default:
      return await onTheSide(play, act, action);
  }
}

function hostName(play: Play, host: number): string {
  return play.hostAt(host).hostname;
}

/** What hosts, analysts and the server do. Nothing that lasts begins after the lift. */
async function onTheSide(play: Play, act: Act, action: Action): Promise<string | undefined> {
  const { house } = play;
  const { simulator } = house;
  switch (action.do) {
    case 'offline': {
      if (play.lifted) return 'lifted';
      const { sensorId } = play.hostAt(action.host);
      await act.goOffline(sensorId);
      house.later(
        action.forMs,
        play.troubleOf(
          'host offline',
          () => act.comeOnline(sensorId),
          () => 1,
        ),
      );
      return undefined;
    }
    case 'reboot':
      return play.lifted ? 'lifted' : void (await act.reboot(play.hostAt(action.host).sensorId));
    case 'start-process': {
      const { path, binary } = action;
      const started = act.startProcess(play.hostAt(action.host).sensorId, { path, binary });
      return await started.then(
        () => undefined,
        (error: unknown) => {
          if (/^A ban that sensor \d+ knows of blocks /.test((error as Error).message))
            return 'blocked by a ban';
          throw error;
        },
      );
    }
    case 'analyst-session': {
      const id = await act.openSessionAs(play.hostAt(action.host).sensorId, ANALYST);
      if (action.command) await act.commandAs(id, { name: 'process list' }, ANALYST);
      return undefined;
    }
    case 'close-session': {
      const { sensorId } = play.hostAt(action.host);
      const open = (await simulator.state()).sessions.find(
        (s) => s.sensorId === sensorId && (s.status === 'active' || s.status === 'pending'),
      );
      if (open === undefined) return 'none open';
      await act.closeSession(open.id, ANALYST);
      play.troubleOf(
        'session lost',
        () => undefined,
        () => 1,
      );
      return undefined;
    }
    case 'take-slots': {
      if (play.lifted) return 'lifted';
      const { sensors } = await simulator.state();
      const fillers = sensors.filter(({ hostname }) => hostname.startsWith('FILLER-')).slice(0, action.count);
      const taken = await Promise.all(fillers.map(({ id }) => act.openSessionAs(id, ANALYST)));
      const giveBack = (): Promise<unknown> => Promise.all(taken.map((id) => act.closeSession(id, ANALYST)));
      house.later(
        action.forMs,
        play.troubleOf('slots taken', giveBack, () => 1),
      );
      return undefined;
    }
    case 'console-wish':
      return void (await act.setWish(play.hostAt(action.host).sensorId, action.wish, ANALYST));
    case 'console-ban':
      return void (action.enabled
        ? await act.addBan(action.md5, ANALYST, 'banned by hand')
        : await act.disableBan(action.md5, ANALYST));
    case 'revoke-token':
    case 'outage': {
      if (play.lifted) return 'lifted';
      const fault =
        action.do === 'outage'
          ? { kind: action.kind, ...(action.route === null ? {} : { route: action.route }) }
          : { kind: { status: 401, body: 'Unauthorized' } };
      const name = action.do === 'outage' ? 'outage' : 'token revoked';
      house.later(action.forMs, play.trouble(name, fault));
      return undefined;
    }
    default:
      throw new Error(`Nobody knows how to ${action.do}.`);
  }
}
