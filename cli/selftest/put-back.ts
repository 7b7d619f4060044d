import { PlaybookError } from '../../client/errors.js';
import { messageOf } from './cb.js';
import { again, banOf } from './checks.js';
import { steady, until } from './hand.js';
import { containMs, factMs, type Lab, sensorOf, sessionOptions } from './lab.js';
import { closeSession, inSession } from './live.js';
import { waitingForWorker } from './no-worker.js';
import type { PutBack } from './receipt.js';
import { deleteMarker, find, undo } from './steps.js';

/**
 * A step failed: everything that this self-test made and that still stands is put back, by the playbook where it can, else
 * by hand of the self-test's own. Each thing is tried whatever became of the others, and what could not be is said.
 */
export async function putBack(given: Lab): Promise<PutBack[]> {
  // Ctrl-C has done its work by now: what is put back is put back to its end.
  const lab: Lab = {
    ...given,
    hand: { ...given.hand, signal: undefined },
    deps: { ...given.deps, signal: undefined },
  };
  const rows: PutBack[] = [];
  const host = lab.sensor?.computerName ?? '';
  if (lab.run !== null && !lab.undone) {
    const { workflowId } = lab.run;
    await attempt(
      rows,
      'run',
      workflowId,
      `cb-playbook worker, if none runs; then cb-playbook undo ${workflowId} --yes`,
      () => undoRun(lab),
    );
  }
  if (lab.run !== null) {
    // The host first: it may be cut off.
    const hand = `cb-playbook release ${host} --reason TEXT; or in the console: the host’s page, "Remove isolation".`;
    await attempt(rows, 'isolation', host, hand, () => release(lab));
  }
  const { marker } = lab.receipt;
  if (lab.run !== null && marker !== null) {
    await attempt(rows, 'ban', marker.md5, `In the console: Banned Hashes, ${marker.md5}, un-ban.`, () =>
      unban(lab, marker.md5),
    );
  }
  if (lab.fileMade || lab.started) rows.push(...(await cleanHost(lab)));
  for (const id of [...lab.sessions]) {
    await attempt(
      rows,
      'session',
      String(id),
      'It ends by itself after five minutes without a command.',
      async () => {
        await closeSession(lab.hand, id);
        lab.sessions.delete(id);
        return 'put-back';
      },
    );
  }
  given.undone = lab.undone;
  given.fileMade = lab.fileMade;
  given.started = lab.started;
  return rows;
}

type Outcome = Exclude<PutBack['outcome'], 'failed'> | { left: string };

async function attempt(
  rows: PutBack[],
  what: PutBack['what'],
  target: string,
  byHand: string,
  work: () => Promise<Outcome>,
): Promise<void> {
  try {
    const outcome = await work();
    if (typeof outcome === 'string') rows.push({ what, target, outcome, why: null, byHand: null });
    else rows.push({ what, target, outcome: 'left', why: outcome.left, byHand: null });
  } catch (error) {
    rows.push({ what, target, outcome: 'failed', why: messageOf(error), byHand });
  }
}

/** Ends the run where it goes on (its failure policy undoes everything), then undoes what still stands of it. */
async function undoRun(lab: Lab): Promise<Outcome> {
  const { playbook } = lab.deps;
  if (lab.run === null) return 'gone';
  const { workflowId } = lab.run;
  if (lab.receipt.contain === null) {
    const reason = {
      why: `cb-playbook selftest ${lab.receipt.id} failed`,
      ...(lab.request.by === undefined ? {} : { who: lab.request.by }),
    };
    await playbook.cancel(workflowId, reason).catch((error: unknown) => {
      // It has closed meanwhile.
      if (!(error instanceof PlaybookError) || error.code !== 'NoSuchRun') throw error;
    });
    lab.receipt.contain = await waitingForWorker(lab, containMs(lab), false, (o) =>
      playbook.waitForReceipt(workflowId, o),
    );
  }
  await undo(lab);
  return lab.receipt.undo?.verdict === 'nothing-to-undo' ? 'gone' : 'put-back';
}

/** Withdraws the wish that the containment left, unless anybody else holds the host by now. */
async function release(lab: Lab): Promise<Outcome> {
  const { cb } = lab.hand;
  const sensor = await again(lab);
  if (sensor === null || (!sensor.wish && !sensor.fact)) return 'gone';
  if (sensor.wish) {
    const others = await otherHolders(lab);
    if (others.length > 0) return { left: `${others.join(', ')} holds it by now.` };
    if (lab.receipt.contain?.isolation.outcome === 'already-isolated')
      return { left: 'Somebody else isolated it meanwhile.' };
    await steady(lab.hand, (o) => cb.sensors.setIsolation(sensor, false, o));
  }
  const last = await until(
    lab.hand,
    factMs(lab),
    () => again(lab),
    (s) => s !== null && !s.fact && !s.wish,
  );
  if (last?.fact === false && !last.wish) return 'put-back';
  throw new Error(
    last?.wish === true
      ? 'The wish stands again: something else isolates the host.'
      : 'The release is asked for, and the sensor has not confirmed it: the host stays cut off until its next check-in.',
  );
}

/** Where nobody can tell, nothing is released: it could be an isolation of somebody who means it. */
async function otherHolders(lab: Lab): Promise<string[]> {
  const host = await lab.deps.playbook.hostStatus(`sensor-${sensorOf(lab).id}`);
  return host.holds
    .filter((h) => h.runId === null || h.runId !== lab.run?.runId)
    .map((h) => h.workflowId ?? h.who ?? h.holdId);
}

/** The hash is of bytes that only this self-test has made: no ban of it is anybody else's. */
async function unban(lab: Lab, md5: string): Promise<Outcome> {
  const before = await banOf(lab, md5);
  if (before?.enabled !== true) return 'gone';
  await steady(lab.hand, (o) => lab.hand.cb.bans.disable(md5, o));
  if ((await banOf(lab, md5))?.enabled === true) throw new Error('The ban still stands.');
  return 'put-back';
}

/** Kills the marker and deletes its file, in one session. */
async function cleanHost(lab: Lab): Promise<PutBack[]> {
  const rows: PutBack[] = [];
  const { marker } = lab;
  if (marker === null) return rows;
  const windows = sensorOf(lab).osType === 'windows';
  const { path } = marker;
  const name = path.split(/[\\/]/).at(-1) ?? path;
  const kill = `On the host: ${windows ? `taskkill /F /IM ${name}` : `kill -9 $(pgrep -f ${path})`}`;
  const remove = `On the host: ${windows ? `del "${path}"` : `rm ${path}`}`;
  try {
    await inSession(lab.hand, sessionOptions(lab, true), async (live) => {
      rows.length = 0;
      await attempt(rows, 'process', path, kill, async () => {
        const alive = await find(live, marker);
        if (alive === null) {
          lab.started = false;
          return 'gone';
        }
        const killed = await live.run({ name: 'kill', object: alive.pid });
        const still = await until(
          lab.hand,
          5_000,
          () => find(live, marker),
          (process) => process === null,
          1_000,
        );
        if (still !== null)
          throw new Error(
            `Its kill ended ${killed.status} (code ${killed.resultCode}), and pid ${still.pid} runs.`,
          );
        lab.started = false;
        return 'put-back';
      });
      await attempt(rows, 'file', path, remove, async () =>
        (await deleteMarker(lab, live, path)) === 'deleted' ? 'put-back' : 'gone',
      );
    });
  } catch (error) {
    const why = messageOf(error);
    const failed = (what: 'process' | 'file', byHand: string): PutBack => ({
      what,
      target: path,
      outcome: 'failed',
      why,
      byHand,
    });
    rows.length = 0;
    if (lab.started) rows.push(failed('process', `${kill} (it ends by itself within an hour)`));
    if (lab.fileMade) rows.push(failed('file', remove));
  }
  return rows;
}
