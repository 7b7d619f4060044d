import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { isCbError, type LiveCommand } from '../../cb-response/index.js';
import { syntheticFile } from '../../simulator/index.js';
import type { ClientCase } from './playbook-client-bench.js';

const EVIL = 'c:\\program files\\evil sticky notes\\vnc.exe';
const NO_SUCH_PID = 2_147_942_487;
const ACCESS_DENIED = 2_147_942_405;

export const liveResponse: ClientCase[] = [
  {
    name: 'a session waits for a check-in, lists the processes with GUIDs, and is closed.',
    test: async ({ cb, sure, session, command, effects }) => {
      const id = await session(1);
      const { processes } = await command(id, 'process list');
      const evil = processes?.filter(({ path }) => path === EVIL) ?? [];
      assert.deepEqual(
        evil.map(({ pid }) => pid),
        [2212, 3048],
      );
      assert.match(evil[0]?.guid ?? '', /^00000001-0000-08a4-[0-9a-f-]{17}$/);
      await sure(() => cb.liveResponse.close(id));
      const standing = (await sure(() => cb.liveResponse.sessions())).filter(
        ({ status }) => status === 'active' || status === 'pending',
      );
      assert.deepEqual(standing, []);
      assert.equal((await effects('session-opened')).length, 1);
    },
  },
  {
    name: 'a kill ends one process by its pid.',
    test: async ({ session, command, effects, faulty }) => {
      const killed = await command(await session(1), 'kill', 2212);
      // Where the first answer was lost, the second one finds the pid gone.
      if (!faulty) assert.deepEqual([killed.status, killed.resultCode], ['complete', 0]);
      assert.deepEqual(
        (await effects('killed')).map(({ pid }) => pid),
        [2212],
      );
    },
  },
  {
    name: 'a kill of a pid that is gone says so.',
    test: async ({ session, command }) => {
      const { status, resultCode } = await command(await session(1), 'kill', 9_999);
      assert.deepEqual([status, resultCode], ['error', NO_SUCH_PID]);
    },
  },
  {
    name: 'a kill that the system refuses says so.',
    test: async ({ session, command }) => {
      const { status, resultCode } = await command(await session(1), 'kill', 4);
      assert.deepEqual([status, resultCode], ['error', ACCESS_DENIED]);
    },
  },
  {
    name: 'a command that outlasts the front end’s patience is read as it stands, and then to its end.',
    knobs: { proxyLimitMs: 1_000, commandLatencyMs: 2_500 },
    test: async ({ session, command }) => {
      const { status, processes } = await command(await session(1), 'process list');
      assert.deepEqual([status, (processes?.length ?? 0) > 2], ['complete', true]);
    },
  },
  {
    name: 'a second session for a sensor is told as such, or is another one.',
    test: async ({ cb, sure, knobs }) => {
      const { id } = await cb.liveResponse.open(1).catch(async (error: unknown) => {
        if (!isCbError(error, 'unknown-outcome', 'unavailable', 'rate-limited')) throw error;
        return (await sure(() => cb.liveResponse.sessions()))[0] ?? { id: 0 };
      });
      const second = await sure(async () => {
        try {
          return (await cb.liveResponse.open(1)).id;
        } catch (error) {
          if (isCbError(error, 'second-session')) return error;
          throw error;
        }
      });
      if (knobs.secondSession === 'new-session') assert.notEqual(second, id);
      else assert.ok(isCbError(second, 'second-session'), String(second));
    },
  },
  {
    name: 'a server whose sessions are all taken is told as such.',
    knobs: { maxSessions: 1 },
    test: async ({ cb, sure, simulator }) => {
      await simulator.act.openSessionAs(2, 'analyst');
      await assert.rejects(
        sure(() => cb.liveResponse.open(1)),
        (error) => isCbError(error, 'too-many-sessions', 'unavailable', 'not-found'),
      );
    },
  },
  {
    name: 'a file is hashed as it streams, and the server’s copy goes.',
    test: async ({ cb, sure, session, command }) => {
      const id = await session(1);
      const got = await command(id, 'get file', EVIL);
      const fileId = got.fileId ?? -1;
      const hash = await sure(async () => {
        const md5 = createHash('md5');
        for await (const chunk of await cb.liveResponse.fileContent(id, fileId)) md5.update(chunk as Buffer);
        return md5.digest('hex');
      });
      assert.equal(hash, syntheticFile('evil-vnc', 48_128).md5);
      await sure(() => cb.liveResponse.deleteFile(id, fileId));
      assert.equal(await sure(() => cb.liveResponse.file(id, fileId)), null);
    },
  },
  {
    name: 'a file is uploaded, put on the host, started, and deleted there.',
    test: async ({ cb, sure, session, command, effects, knobs }) => {
      // A host that is over after one command takes no four of them.
      if (knobs.checkins === 'vanish') return;
      const id = await session(1);
      const content = Buffer.from([0, 255, 13, 10, 45, 45, 128]);
      const path = 'c:\\windows\\temp\\made-up.exe';
      const fileId = await sure(() => cb.liveResponse.uploadFile(id, { name: 'made-up.exe', content }));
      const post = async (posted: () => Promise<LiveCommand>): Promise<LiveCommand> => {
        // Where the answer is lost it was done all the same: what was posted is told by the session.
        const before = (await sure(() => cb.liveResponse.commands(id))).map((c) => c.id);
        const { id: commandId } = await sure(async () => {
          const known = (await cb.liveResponse.commands(id)).find((c) => !before.includes(c.id));
          return known ?? (await posted());
        });
        for (;;) {
          const done = await sure(() => cb.liveResponse.command(id, commandId, { wait: true }));
          if (done && !/pending|progress/.test(done.status)) return done;
        }
      };
      const put = await post(() => cb.liveResponse.putFile(id, path, fileId));
      assert.deepEqual([put.status, put.resultCode], ['complete', 0]);
      const started = await post(() => cb.liveResponse.createProcess(id, `"${path}" -n 5`));
      const [ran] = (await effects('process-started')).filter((e) => e.pid === started.pid);
      assert.deepEqual([ran?.path, ran?.md5], [path, createHash('md5').update(content).digest('hex')]);
      await command(id, 'kill', started.pid ?? -1);
      await post(() => cb.liveResponse.deleteHostFile(id, path));
      assert.equal((await effects('file-deleted')).length, 1);
    },
  },
  {
    name: 'a session that is gone is an answer: no keepalive, no close, no command.',
    test: async ({ cb, sure, session, simulator }) => {
      const id = await session(1);
      assert.equal(await sure(() => cb.liveResponse.keepalive(id)), 'kept');
      await simulator.act.closeSession(id);
      assert.equal(await sure(() => cb.liveResponse.keepalive(id)), 'gone');
      assert.equal(await sure(() => cb.liveResponse.close(id)), 'gone');
      assert.equal(await sure(() => cb.liveResponse.command(id, 1)), null);
      await assert.rejects(
        sure(() => cb.liveResponse.postCommand(id, { name: 'process list' })),
        (error) => isCbError(error, 'not-found'),
      );
    },
  },
  {
    name: 'a keepalive closes a session that is still pending, and says so, or leaves it pending.',
    test: async ({ cb, sure, pending, session, effects, knobs }) => {
      const id = await pending(1);
      const ignored = knobs.keepaliveOnPending === 'ignored';
      assert.equal(await sure(() => cb.liveResponse.keepalive(id)), ignored ? 'kept' : 'gone');
      assert.equal((await effects('session-closed')).length, ignored ? 0 : 1);
      const after = await sure(() => cb.liveResponse.session(id));
      assert.equal(after?.status, ignored ? 'pending' : 'close');
      if (!ignored) assert.equal(await sure(() => cb.liveResponse.keepalive(id)), 'gone');
      // The next check-in makes that one active, or another one where it is gone.
      assert.equal((await session(1)) === id, ignored);
      assert.equal((await effects('session-opened')).length, ignored ? 1 : 2);
    },
  },
  {
    name: 'Live Response that is switched off is told as such.',
    knobs: { liveResponseEnabled: false },
    test: async ({ cb, sure }) => {
      await assert.rejects(
        sure(() => cb.liveResponse.open(1)),
        (error) => isCbError(error, 'live-response-off'),
      );
    },
  },
];
