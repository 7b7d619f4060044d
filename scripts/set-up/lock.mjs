import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetUpError, say } from './say.mjs';

const POLL_MS = 100;
const WITHOUT_OWNER_MS = 10_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** True where the process that made the lock is gone (or died before it could write its id). */
function isAbandoned(folder) {
  try {
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    if (pid > 0) return !isAlive(pid);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && Date.now() - made > WITHOUT_OWNER_MS;
}

/** Removes an abandoned lock. Another waiter may have replaced it by its own since we looked: that one goes back. */
function takeAway(folder) {
  const aside = `${folder}.${process.pid}`;
  try {
    renameSync(folder, aside);
    if (isAbandoned(aside)) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, folder);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/**
 * Runs `work` while holding the lock folder; mkdir is the one step that only one of several processes can do.
 * Waits for a living holder up to `timeoutMs` and takes over what a dead one left.
 */
export async function withLock(folder, work, timeoutMs = 15 * 60_000) {
  mkdirSync(dirname(folder), { recursive: true });
  const deadline = Date.now() + timeoutMs;
  for (let waited = false; ; waited = true) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned(folder)) {
      takeAway(folder);
      continue;
    }
    if (Date.now() > deadline) {
      throw new SetUpError(`Another set-up has held ${folder} for too long. End it, or remove that folder.`);
    }
    if (!waited) say('another set-up is running here; waiting for it.');
    await sleep(POLL_MS);
  }
  try {
    writeFileSync(join(folder, 'pid'), String(process.pid));
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
