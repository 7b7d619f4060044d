import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostLines } from '../../cli/text/host.js';
import { leasesText, reconciliationText } from '../../cli/text/leases.js';
import { offlineText } from '../../cli/text/offline.js';
import type { HeldBy } from '../../client/index.js';
import { aHold, aHost } from './client-a-host.js';

const UNTIL = '2026-11-24T17:00:00.000Z';
const RUN = { holdId: 'contain/x/r', workflowId: 'contain/x', runId: 'r', who: null };

describe('a host for people', () => {
  it('shows wish, fact, hold, expiry and next check-in, one line each', () => {
    const lines = hostLines(aHost({ until: UNTIL, holds: [aHold({ until: UNTIL })] })).map((l) => l.trim());
    assert.deepEqual(lines, [
      'wish       isolated',
      'fact       isolated (seen 2026-11-24 13:43:46Z)',
      'held by    ann  a person  since 2026-11-24 13:43:46Z  until 2026-11-24 17:00:00Z  looks odd',
      'expires    2026-11-24 17:00:00Z',
      'check-in   next expected 13:44:16Z, last 2026-11-24 13:43:46Z',
      'lease      isolation/1',
    ]);
  });

  it('says why a hold stands past its end', () => {
    const keptBecause = 'Its run ended isolation-pending, not contained.';
    const text = hostLines(
      aHost({ holds: [aHold({ ...RUN, until: UNTIL, keptBecause, running: false })] }),
    ).join('\n');
    assert.match(text, /contain\/x .* kept +Its run ended isolation-pending, not contained\./);
    assert.match(text, /no longer by itself/);
  });

  it('says that an end which a person set counts, however the run ended', () => {
    const asked = { ...RUN, until: UNTIL, endAskedBy: 'ben' };
    const words = (more: Partial<HeldBy>): string =>
      hostLines(aHost({ holds: [aHold({ ...asked, ...more })] })).join('\n');
    assert.match(words({ verdict: 'contained-partly', running: false }), / until 2026-11-24 17:00:00Z /);
    assert.match(words({ running: true }), /not before 2026-11-24 17:00:00Z: as ben asked/);
    assert.match(
      words({ endAskedBy: null, verdict: 'contained-partly', running: false }),
      /past 2026-11-24 17:00:00Z: not contained/,
    );
  });

  it('says that an offline host takes the wish at its first check-in', () => {
    assert.match(
      hostLines(aHost({ online: false, fact: false })).join('\n'),
      /OFFLINE, last .*first check-in/,
    );
  });

  it('says that nothing is known of the fact without a worker', () => {
    assert.match(hostLines(aHost({ fact: null, source: 'memo' })).join('\n'), /not known: no worker polls/);
  });
});

describe('the list of leases', () => {
  it('has a row a host: holders, end, and what needs a person', () => {
    const drift = [{ kind: 'silent' as const, since: UNTIL, what: 'Quiet.', reasserted: false }];
    const text = leasesText([
      aHost({ drift, holds: [aHold({ until: UNTIL }), aHold(RUN)] }),
      aHost({ sensorId: 2, hostname: null, wish: null, fact: null, state: 'releasing', holds: [] }),
    ]);
    assert.match(text, /^HOST +WISH +FACT +SEEN +HELD BY +UNTIL +NOTE\n/);
    assert.match(
      text,
      /WIN7PRO64 +isolated +isolated +2026-11-24 13:43:46Z +ann, contain\/x +released by hand +silent/,
    );
    assert.match(text, /sensor 2 +releasing +not known +2026-11-24 13:43:46Z +nobody/);
  });

  it('says so when nobody holds anything', () => {
    assert.equal(leasesText([]), 'Nobody holds any host isolated.');
  });

  it('lists what a reconciliation found, what needs a person first', () => {
    const row = { hostname: 'A', sensorId: 1, wish: true, fact: true, leaseId: 'isolation/1', holds: ['h'] };
    const text = reconciliationText({
      server: 'cb.example:443',
      sensors: 9,
      at: 0,
      rows: [
        { ...row, state: 'held', what: 'Wish and lease agree.' },
        {
          ...row,
          hostname: 'B',
          sensorId: 2,
          state: 'foreign',
          holds: [],
          what: 'Isolated by somebody else.',
        },
      ],
    });
    assert.match(text, /9 sensors, 2 of them/);
    assert.ok(text.indexOf('foreign') < text.indexOf('held '), text);
  });
});

describe('what a person is told of an offline host', () => {
  const HOST = { hostname: 'a', processName: 'b.exe' };

  it('what its return does, in time and later', () => {
    const text = offlineText('A', { ...HOST, offlineFor: '24h' });
    assert.match(text, /first check-in isolates it/);
    assert.match(text, /waited for up to 24h/);
    assert.match(text, /comes back later is isolated then; nothing is killed/);
  });

  it('that --lease counts only from a run that ends contained', () => {
    assert.match(
      offlineText('A', { ...HOST, lease: '4h' }),
      /--lease 4h counts only from a run that ends contained/,
    );
  });

  it('what the other policies do', () => {
    assert.match(
      offlineText('A', { ...HOST, offlineExpire: 'withdraw' }),
      /wish is withdrawn, and that is confirmed/,
    );
    assert.match(offlineText('A', { ...HOST, offlineWish: 'withhold' }), /asked for only once it is back/);
    assert.match(offlineText('A', { ...HOST, offline: 'isolate-only' }), /Processes are left alone/);
    assert.doesNotMatch(offlineText('A', { ...HOST, isolate: false }), /isolate/);
  });
});
