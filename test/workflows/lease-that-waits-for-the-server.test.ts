import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LeaseClient } from '../../activities/lease-client.js';
import { fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({ scenario: fleet(1) });

/** Counts how often anybody asks a lease what it knows. */
type Look = LeaseClient['look'];
const original = Object.getOwnPropertyDescriptor(LeaseClient.prototype, 'look') ?? {};
let looks = 0;
before(() => {
  Object.defineProperty(LeaseClient.prototype, 'look', {
    ...original,
    value(this: LeaseClient) {
      looks += 1;
      return (original.value as Look).call(this);
    },
  });
});
after(() => Object.defineProperty(LeaseClient.prototype, 'look', original));

describe('A lease whose Cb server asks for patience', () => {
  it('is asked often at first, then ever more rarely: not twenty times a second for as long as that lasts', async () => {
    const fault = env().simulator.faults.add({
      ...{ method: 'PUT', route: '/api/v1/sensor/1', times: 1 },
      kind: { status: 429, body: 'later', headers: { 'Retry-After': '60' } },
    });
    const run = await env().contain({ hostname: hostName(1), kill: false });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.equal(fault.hits(), 1);
    assert.ok(looks > 40 && looks < 100, `${looks} looks`);
  });
});
