import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endOfHolds } from '../../client/host-status.js';
import { hostSummary } from '../../client/host-summary.js';
import { aHold, aHost } from './client-a-host.js';

const UNTIL = '2026-11-24T17:00:00.000Z';
const NOBODY = { holds: [], until: null };

describe('the one sentence on a host', () => {
  const says = (more: Parameters<typeof aHost>[0], expected: string): void =>
    assert.equal(hostSummary(aHost(more)), expected);

  it('says who holds it and until when', () => {
    says({ until: UNTIL }, 'WIN7PRO64 is isolated; held by ann, until 2026-11-24 17:00:00Z.');
    says({}, 'WIN7PRO64 is isolated; held by ann, until released.');
    says(
      { until: UNTIL, untilIsEarliest: true },
      'WIN7PRO64 is isolated; held by ann, until at least 2026-11-24 17:00:00Z.',
    );
  });

  it('never calls a host isolated whose sensor does not say so, and tells what it waits for', () => {
    says(
      { fact: false },
      'WIN7PRO64 is NOT isolated yet: the wish stands, it is isolated at its next check-in, expected 2026-11-24 13:44:16Z; held by ann, until released.',
    );
    says(
      { fact: false, online: false },
      'WIN7PRO64 is NOT isolated yet: the wish stands, and it is offline (last check-in 2026-11-24 13:43:46Z): it is isolated at its first check-in; held by ann, until released.',
    );
    says(
      { fact: null },
      'WIN7PRO64 is to be isolated; whether it is, is not known; held by ann, until released.',
    );
  });

  it('never calls a host released whose sensor does not say so', () => {
    says(
      { wish: false, state: 'releasing', ...NOBODY },
      'WIN7PRO64 is still isolated; its release was asked for, it is released at its next check-in, expected 2026-11-24 13:44:16Z.',
    );
    says(
      { wish: false, fact: false, state: null, lease: 'none', ...NOBODY },
      'WIN7PRO64 is not isolated, and nobody holds it.',
    );
  });

  it('tells an isolation of somebody else from ours', () => {
    says(
      { lease: 'none', state: null, ...NOBODY },
      'WIN7PRO64 is isolated by somebody else, and no lease accounts for it.',
    );
    assert.match(
      hostSummary(aHost({ lease: 'ended-from-outside' })),
      /lease was ended from outside, and cb-playbook leases --reconcile takes it up\. It was held by ann/,
    );
  });

  it('tells drift, and what a server refused', () => {
    const drift = [
      { kind: 'wish-withdrawn' as const, since: UNTIL, what: 'Somebody withdrew it.', reasserted: false },
    ];
    says(
      { wish: false, fact: false, drift },
      'WIN7PRO64 is NOT isolated although it is held; held by ann, until released. Somebody withdrew it.',
    );
    says(
      { state: 'refused', wish: false, fact: false, problem: { type: 'Forbidden', message: 'No right.' } },
      'WIN7PRO64 cannot be isolated: No right.; held by ann, until released.',
    );
    // The server refused a second holder; what stands, stands.
    says({ state: 'refused' }, 'WIN7PRO64 is isolated; held by ann, until released.');
  });

  it('says of a sensor that the server does not know that nobody can tell', () => {
    const gone = { wish: null, fact: null, online: null };
    says(
      gone,
      'WIN7PRO64 is not known to be isolated: the server does not know its sensor any more; held by ann, until released.',
    );
    says(
      { ...gone, lease: 'none', state: null, ...NOBODY },
      'WIN7PRO64 is not known to be isolated: the server does not know its sensor any more, and nobody holds it.',
    );
  });
});

describe('the end of an isolation', () => {
  it('is the end of its last hold', () => {
    const early = aHold({ until: '2026-11-24T15:00:00.000Z' });
    assert.equal(endOfHolds([early, aHold({ until: UNTIL })]), UNTIL);
  });

  it('never comes by itself while one hold has none, or one that does not count', () => {
    assert.equal(endOfHolds([aHold({ until: UNTIL }), aHold()]), null);
    assert.equal(endOfHolds([aHold({ until: UNTIL, keptBecause: 'Its run ended otherwise.' })]), null);
    const partly = { workflowId: 'contain/x', runId: 'r', verdict: 'contained-partly', until: UNTIL };
    assert.equal(endOfHolds([aHold(partly)]), null);
    assert.equal(endOfHolds([aHold({ ...partly, verdict: 'contained' })]), UNTIL);
    assert.equal(endOfHolds([aHold({ ...partly, endAskedBy: 'ben' })]), UNTIL);
    assert.equal(endOfHolds([]), null);
  });
});
