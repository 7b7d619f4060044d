import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rememberingInfo } from '../../activities/server-info.js';
import type { CbResponse, ServerInfo } from '../../cb-response/index.js';

const MINUTE = 60_000;

/** A server whose settings change, and a clock that stands still until it is set. */
function stage() {
  const server = { cblrEnabled: true, banningEnabled: true, asked: 0 };
  const time = { now: 0 };
  const settings = (): ServerInfo => ({
    ...{ version: '7.5.0', cblrEnabled: server.cblrEnabled, banningEnabled: server.banningEnabled },
    maxSearchResultRows: null,
  });
  const info = () => {
    server.asked += 1;
    return Promise.resolve(settings());
  };
  const clock = { now: () => time.now, sleep: () => Promise.resolve() };
  const remembering = (first?: ServerInfo) =>
    rememberingInfo({ info } as unknown as CbResponse, clock, { goodForMs: 10 * MINUTE, first });
  return { server, time, settings, remembering };
}

describe('The settings of a server', () => {
  it('are asked for once in a while where nothing stands in the way.', async () => {
    const { server, time, settings, remembering } = stage();
    const read = remembering(settings());
    await read({});
    assert.equal(server.asked, 0, 'what the start of the worker saw is good');
    time.now = 10 * MINUTE;
    await read({});
    await read({});
    assert.equal(server.asked, 1);
  });

  for (const setting of ['cblrEnabled', 'banningEnabled'] as const) {
    it(`are asked for anew each time while ${setting} is false: somebody is about to settle it.`, async () => {
      const { server, settings, remembering } = stage();
      server[setting] = false;
      const read = remembering(settings());
      assert.equal((await read({}))[setting], false);
      server[setting] = true;
      assert.equal((await read({}))[setting], true);
    });
  }
});
