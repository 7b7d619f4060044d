import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkRequest, describeMistakes } from '../../contract/index.js';

const SMALLEST = { hostname: 'win7pro64', processName: 'vnc.exe' };
const fieldsOf = (input: unknown): string[] => {
  const checked = checkRequest(input);
  return checked.ok ? [] : checked.mistakes.map((m) => m.field);
};

describe('the check of a request', () => {
  it('fills in every default of the smallest request', () => {
    assert.deepEqual(checkRequest(SMALLEST), {
      ok: true,
      request: {
        hostname: 'win7pro64',
        sensorId: null,
        selector: { name: 'vnc.exe' },
        isolate: true,
        kill: true,
        banScope: 'instance',
        banMd5: [],
        onFailure: 'auto',
        leaseMs: null,
        askTimeoutMs: 3_600_000,
        askDefault: 'auto',
        offline: 'wait',
        offlineForMs: 72 * 3_600_000,
        offlineWish: 'now',
        offlineExpire: 'keep',
        onDrift: 'tell',
        dryRun: false,
        approval: 'none',
        approvalTimeoutMs: null,
        evidence: 'none',
        policy: null,
        overrides: [],
        said: ['hostname', 'processName'],
        reason: null,
        case: null,
        requestedBy: null,
        requestId: null,
      },
    });
  });

  it('lists every mistake at once', () => {
    const bad = {
      hostname: 'web*',
      sensorId: -5,
      processMd5: 'abc',
      banMd5: ['x', 'y'],
      lease: 'soon',
      ask: true,
    };
    assert.deepEqual(fieldsOf(bad).sort(), [
      'ask',
      'banMd5[0]',
      'banMd5[1]',
      'hostname',
      'lease',
      'processMd5',
      'sensorId',
    ]);
  });

  it('names an unknown key, even one whose value is null', () => {
    assert.deepEqual(fieldsOf({ ...SMALLEST, processname: 'x' }), ['processname']);
    assert.deepEqual(fieldsOf({ ...SMALLEST, dryrun: null }), ['dryrun']);
  });

  it('takes null for not given', () => {
    assert.equal(checkRequest({ ...SMALLEST, sensorId: null, lease: null, banMd5: null }).ok, true);
  });

  it('takes a policy along, every mistake of it named with its place', () => {
    const checked = checkRequest({ ...SMALLEST, policy: { protectedHosts: { names: ['DC*'] } } });
    assert.ok(checked.ok);
    assert.deepEqual(checked.request.policy?.protectedHosts.names, ['dc*']);
    assert.equal(checked.request.policy?.ban.mostHosts, null, 'what it does not say makes nothing stricter');
    assert.deepEqual(fieldsOf({ ...SMALLEST, policy: { ban: { mostHosts: 'x' }, bann: {} } }), [
      'policy.bann',
      'policy.ban.mostHosts',
    ]);
    assert.deepEqual(fieldsOf({ ...SMALLEST, policy: {} }), ['policy']);
    assert.deepEqual(fieldsOf({ ...SMALLEST, policy: 'company.yaml' }), ['policy']);
  });

  it('wants to know who overrides a rule, and why', () => {
    const overrides = ['protected-host', 'protected-host'];
    assert.deepEqual(fieldsOf({ ...SMALLEST, overrides }), ['reason', 'requestedBy']);
    assert.deepEqual(fieldsOf({ ...SMALLEST, overrides, reason: 'x' }), ['requestedBy']);
    // Nothing that a person can see.
    assert.deepEqual(fieldsOf({ ...SMALLEST, overrides, reason: '\u200b\u2060', requestedBy: 'ann' }), [
      'reason',
    ]);
    const checked = checkRequest({ ...SMALLEST, overrides, reason: 'x', requestedBy: 'ann' });
    assert.ok(checked.ok);
    assert.deepEqual(checked.request.overrides, ['protected-host']);
    assert.deepEqual(
      fieldsOf({ ...SMALLEST, reason: 'x', requestedBy: 'a', overrides: ['protected-process'] }),
      ['overrides[0]'],
    );
    assert.deepEqual(fieldsOf({ ...SMALLEST, overrides: 'limits' }), ['overrides']);
  });

  it('needs no selector when processes are left alone', () => {
    assert.equal(checkRequest({ hostname: 'a', kill: false }).ok, true);
    assert.equal(checkRequest({ hostname: 'a' }).ok, false);
  });

  it('refuses a request that asks for nothing', () => {
    assert.equal(checkRequest({ hostname: 'a', kill: false, isolate: false }).ok, false);
  });

  it('refuses a GUID of another sensor, and a path that cannot have that name', () => {
    const guid = '00000001-0000-0b1c-01d3-9e6a5d0f1a2b';
    assert.equal(checkRequest({ sensorId: 1, processGuid: guid }).ok, true);
    assert.deepEqual(fieldsOf({ sensorId: 2, processGuid: guid }), ['processGuid']);
    assert.deepEqual(fieldsOf({ ...SMALLEST, processPath: 'c:\\x\\notepad.exe' }), ['processPath']);
  });

  it('refuses to ban the hash of the empty file', () => {
    assert.deepEqual(fieldsOf({ ...SMALLEST, banMd5: ['d41d8cd98f00b204e9800998ecf8427e'] }), ['banMd5[0]']);
  });

  it('writes hashes in upper case and each of them once', () => {
    const md5 = 'abcdefabcdefabcdefabcdefabcdefab';
    const checked = checkRequest({ ...SMALLEST, processMd5: md5, banMd5: [md5, md5.toUpperCase()] });
    assert.ok(checked.ok);
    assert.equal(checked.request.selector?.md5, md5.toUpperCase());
    assert.deepEqual(checked.request.banMd5, [md5.toUpperCase()]);
  });

  it('describes mistakes with what was expected', () => {
    const checked = checkRequest({ hostname: 'a', processName: '*.exe' });
    assert.ok(!checked.ok);
    assert.match(describeMistakes(checked.mistakes), /^processName: It has a wildcard\. Expected: /);
  });

  it('never throws and never quotes more than 60 characters of a value', () => {
    const checked = checkRequest({ hostname: 'x'.repeat(254), onFailure: 'y'.repeat(5_000) });
    assert.ok(!checked.ok);
    for (const mistake of checked.mistakes) assert.ok(mistake.problem.length < 120, mistake.problem);
  });
});
