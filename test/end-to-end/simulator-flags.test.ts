import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CbResponse, isCbError, type CbResponseConfig } from '../../cb-response/index.js';
import { defaultToken } from '../../simulator/index.js';
import { startCli } from './cli.js';

const TOKEN = '0123456789abcdef0123456789abcdef01234567';

describe('cb-playbook simulator', () => {
  it('is what its flags ask for: https of its own certificate, one token, a version, an interval', async () => {
    const flags = ['--tls', '--token', TOKEN, '--profile', '6.2', '--check-in', '5s'];
    const child = startCli(['simulator', ...flags]);
    try {
      const line = await child.line('stdout', /"url"/);
      const { url, token, ca } = JSON.parse(line) as { url: string; token: string; ca: string };
      assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
      assert.ok(token === TOKEN, 'the line tells the token that was given');
      const asked = async <T>(
        config: Partial<CbResponseConfig>,
        ask: (cb: CbResponse) => Promise<T>,
      ): Promise<T> => {
        const cb = new CbResponse({ url, token, tls: { caFile: ca, verifyHostname: false }, ...config });
        return await ask(cb).finally(() => cb.close());
      };

      const { version } = await asked({}, (cb) => cb.info());
      assert.match(version, /^6\.2\./);
      const sensor = await asked({}, (cb) => cb.sensors.get(1));
      assert.equal((sensor?.nextCheckin ?? 0) - (sensor?.lastCheckin ?? 0), 5_000);

      for (const other of [`${TOKEN.slice(0, -1)}8`, defaultToken])
        await assert.rejects(
          asked({ token: other }, (cb) => cb.info()),
          (error) => isCbError(error, 'unauthorized'),
        );
      // No authority signed it, and its name is not the host's.
      for (const tls of [{}, { caFile: ca }])
        await assert.rejects(
          asked({ tls }, (cb) => cb.info()),
          (error) => isCbError(error, 'tls'),
        );

      assert.equal((await child.stop()).code, 0);
      assert.ok(child.stdout === `${line}\n`, 'one line, and no other');
      assert.equal(existsSync(ca), false, 'the certificate goes with it');
    } finally {
      await child.stop();
    }
  });
});
