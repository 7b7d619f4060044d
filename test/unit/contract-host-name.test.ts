import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { containmentId, hostForm, isHostForm, leaseId, sensorIdOfGuid } from '../../contract/index.js';

describe('host names in workflow ids', () => {
  it('are in lower case without a trailing dot', () => {
    assert.equal(hostForm(' WIN7Pro64.Corp.Example. '), 'win7pro64.corp.example');
    assert.equal(containmentId({ hostname: 'WIN7PRO64' }), 'contain/win7pro64');
  });

  it('give way to the sensor id only where no name is given', () => {
    assert.equal(containmentId({ sensorId: 7 }), 'contain/sensor-7');
    assert.equal(containmentId({ hostname: 'a', sensorId: 7 }), 'contain/a');
    assert.equal(leaseId(7), 'isolation/7');
  });

  it('are of letters, digits, dots, dashes and underscores, 253 at most', () => {
    for (const good of ['a', 'a-b_c.d', 'a'.repeat(253)]) assert.equal(isHostForm(good), true, good);
    for (const bad of ['', 'a b', 'web*', 'a/b', '...', '-', 'ä', 'A', 'a'.repeat(254)]) {
      assert.equal(isHostForm(bad), false, bad);
    }
  });
});

describe('a process GUID', () => {
  it('begins with the id of its sensor, in hex', () => {
    assert.equal(sensorIdOfGuid('0000001f-0000-0b1c-01d3-9e6a5d0f1a2b'), 31);
    assert.equal(sensorIdOfGuid('1f'), null);
  });
});
