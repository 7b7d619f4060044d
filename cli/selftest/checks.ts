import { PlaybookError } from '../../client/errors.js';
import type { Sensor } from './cb.js';
import { messageOf } from './cb.js';
import { steady, until } from './hand.js';
import { factMs, type Lab, sensorOf, sessionOptions } from './lab.js';
import { inSession, standing } from './live.js';
import type { SelftestCheck } from './receipt.js';
import { deleteMarker, find } from './steps.js';

type Add = (what: string, expected: unknown, seen: unknown, passed?: boolean) => void;

/** Collects what was looked at; whether it is as it should be is told at the end. */
export class Checks {
  readonly list: SelftestCheck[] = [];
  readonly add: Add = (what, expected, seen, passed = expected === seen) => {
    this.list.push({ what, expected: String(expected), seen: String(seen), passed });
  };

  /** @throws with everything that is not so. */
  settle(): void {
    const failed = this.list.filter((check) => !check.passed);
    if (failed.length === 0) return;
    throw new Error(
      failed
        .map(({ what, expected, seen }) => `${what}: ${expected} was expected, ${seen} was seen.`)
        .join(' '),
    );
  }
}

/** With own eyes, after the playbook said what it did. */
export async function checkContained(lab: Lab, { add }: Checks): Promise<void> {
  const { contain } = lab.receipt;
  const marker = lab.receipt.marker;
  if (contain === null || marker === null || lab.marker === null)
    throw new Error('There is no containment to check.');
  const { path } = lab.marker;
  const killed = contain.processes.filter((p) => p.outcome === 'killed').map((p) => p.guid);
  add('processes it killed', marker.guid, killed.join(', ') || 'none');
  add(
    'hashes it banned',
    marker.md5,
    contain.bans
      .filter((b) => b.outcome === 'banned')
      .map((b) => b.md5)
      .join(', ') || 'none',
  );
  const sensor = await again(lab);
  add('isolation asked for', true, sensor?.wish ?? null);
  add('isolation in force', true, sensor?.fact ?? null);
  const ban = await banOf(lab, marker.md5);
  add('hash banned', 'enabled', ban?.enabled === true ? 'enabled' : ban === null ? 'no ban' : 'disabled');
  add('the ban names the run', true, ban?.text.includes(contain.runId) ?? false);
  if (contain.bans.some((b) => b.enforcedOnTarget === false)) {
    lab.receipt.notes.push(
      'Banning is off for the host’s group: the ban was recorded there and not enforced.',
    );
  }
  await noSessions(lab, add);
  const alive = await inSession(lab.hand, sessionOptions(lab, true), (live) => find(live, { path }));
  add('marker running', 'no', alive === null ? 'no' : `pid ${alive.pid}`);
  if (alive === null) lab.started = false;
}

/** The undo said that its release is confirmed: so it must be so on the server. */
export async function checkUndone(lab: Lab, { add }: Checks): Promise<void> {
  const { undo, marker } = lab.receipt;
  add('verdict of the undo', 'undone', undo?.verdict ?? null);
  await notIsolated(lab, add);
  if (marker !== null) await notBanned(lab, add, marker.md5);
  try {
    const host = await lab.deps.playbook.hostStatus(`sensor-${sensorOf(lab).id}`, {
      signal: lab.hand.signal,
    });
    add(
      'holds on the host',
      'none',
      host.holds.map((h) => h.workflowId ?? h.who ?? h.holdId).join(', ') || 'none',
    );
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    add('holds on the host', 'none', messageOf(error));
  }
}

export async function checkDeleted(lab: Lab, { add }: Checks): Promise<void> {
  const { path } = lab.marker ?? { path: null };
  if (path === null) throw new Error('There is no marker to delete.');
  await inSession(lab.hand, sessionOptions(lab, true), async (live) => {
    const alive = await find(live, { path });
    add('marker running', 'no', alive === null ? 'no' : `pid ${alive.pid}`);
    const outcome = await deleteMarker(lab, live, path);
    add('marker’s file', 'deleted', outcome);
  });
}

export async function checkNothingLeft(lab: Lab, { add }: Checks): Promise<void> {
  await noSessions(lab, add);
  await notIsolated(lab, add);
  if (lab.receipt.marker !== null) await notBanned(lab, add, lab.receipt.marker.md5);
}

async function noSessions(lab: Lab, add: Add): Promise<void> {
  const ids = await until(
    lab.hand,
    10_000,
    () => standing(lab.hand, sensorOf(lab).id),
    (list) => list.length === 0,
  );
  add('Live Response sessions of the host', 'none', ids.join(', ') || 'none');
}

async function notIsolated(lab: Lab, add: Add): Promise<void> {
  const sensor = await until(
    lab.hand,
    factMs(lab),
    () => again(lab),
    (s) => s !== null && !s.fact,
  );
  add('isolation asked for', false, sensor?.wish ?? null);
  add('isolation in force', false, sensor?.fact ?? null);
}

async function notBanned(lab: Lab, add: Add, md5: string): Promise<void> {
  const ban = await banOf(lab, md5);
  const seen = ban === null ? 'no ban' : ban.enabled ? 'enabled' : 'disabled';
  add('hash banned', 'no ban, or a disabled one', seen, seen !== 'enabled');
}

export function again(lab: Lab): Promise<Sensor | null> {
  return steady(lab.hand, (o) => lab.hand.cb.sensors.get(sensorOf(lab).id, o));
}

export function banOf(lab: Lab, md5: string): ReturnType<Lab['hand']['cb']['bans']['get']> {
  return steady(lab.hand, (o) => lab.hand.cb.bans.get(md5, o));
}
