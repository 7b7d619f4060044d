import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldsAsFlags, flagOf } from '../../cli/flags.js';
import { requestOf } from '../../cli/request.js';
import { checkRequest, REQUEST_KEYS } from '../../contract/index.js';

describe('the flags of contain', () => {
  it('are the keys of a request in kebab case', () => {
    assert.equal(flagOf('processMd5'), '--process-md5');
    assert.equal(flagOf('onFailure'), '--on-failure');
  });

  it('stand in messages where the fields stood', () => {
    assert.equal(
      fieldsAsFlags('processName, processMd5 or processGuid; or kill: false to leave processes alone.'),
      '--process-name, --process-md5 or --process-guid; or --no-kill to leave processes alone.',
    );
    assert.equal(fieldsAsFlags('banMd5[0]: It is not an MD5.'), '--ban-md5: It is not an MD5.');
    assert.equal(
      fieldsAsFlags('  lease: "soon" is no such duration.'),
      '  --lease: "soon" is no such duration.',
    );
    assert.equal(fieldsAsFlags('overrides[0]: "x" is no rule.'), '--override: "x" is no rule.');
    assert.equal(fieldsAsFlags('on a case-by-case basis'), 'on a case-by-case basis');
  });

  it('make a request of only what was given, and of who asks', () => {
    const request = requestOf({ hostname: 'a', processName: 'b', isolate: true, kill: true });
    assert.deepEqual(Object.keys(request).sort(), ['hostname', 'processName', 'requestedBy']);
    assert.ok(request.requestedBy);
  });

  it('reach every key of a request but the two that programs use', () => {
    const request = requestOf(
      {
        hostname: 'a',
        sensorId: '1',
        processName: 'b.exe',
        processPath: '/x/b.exe',
        processMd5: '0123456789abcdef0123456789abcdef',
        processGuid: '00000001-0000-0b1c-01d3-9e6a5d0f1a2b',
        isolate: false,
        kill: true,
        banScope: 'name',
        banMd5: ['0123456789abcdef0123456789abcdef'],
        onFailure: 'keep',
        lease: '4h',
        askTimeout: '30m',
        askDefault: 'keep',
        offline: 'wait',
        offlineFor: '24h',
        offlineWish: 'withhold',
        offlineExpire: 'withdraw',
        onDrift: 'reassert',
        evidence: 'file',
        dryRun: true,
        approval: 'before-all',
        approvalTimeout: '2h',
        override: ['protected-host'],
        banPrevalent: true,
        reason: 'r',
        case: 'c',
      },
      { kill: { rounds: 1 } },
    );
    const reached = new Set([...Object.keys(request), 'kill', 'requestId']);
    assert.deepEqual(
      [...REQUEST_KEYS].filter((key) => !reached.has(key)),
      [],
    );
    assert.equal(checkRequest(request).ok, true);
    assert.deepEqual(request.overrides, ['protected-host', 'prevalent-ban']);
  });
});
