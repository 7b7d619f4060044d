import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  DEFAULT_POLICY,
  hostProtectedBy,
  hostRulesOpen,
  isServerOs,
  type KnownHost,
  matchesGlob,
  type Policy,
  protectedByPolicy,
  protectedFromKill,
} from '../../contract/index.js';

const HOST: KnownHost = {
  names: ['DC01', 'dc01.corp.example'],
  groupId: 3,
  sensorId: 7,
  os: 'Windows Server 2019 Standard, 64-bit',
  osType: 'windows',
};
const rules = (more: Partial<Policy['protectedHosts']>): Policy['protectedHosts'] => ({
  ...DEFAULT_POLICY.protectedHosts,
  ...more,
});

describe('a glob', () => {
  it('matches the whole name, in any case', () => {
    for (const [glob, name, is] of [
      ['dc*', 'DC01', true],
      ['dc*', 'adc01', false],
      ['dc?', 'dc01', false],
      ['dc??', 'dc01', true],
      ['*01', 'dc01', true],
      ['d*0*1', 'dc0x01', true],
      ['*.corp.*', 'dc01.corp.example', true],
      ['dc01', 'dc01.corp.example', false],
      ['dc.1', 'dcx1', false],
      ['***a', 'bbba', true],
      ['dc*', '', false],
    ] as const)
      assert.equal(matchesGlob(glob, name), is, `${glob} on ${name}`);
  });

  it('takes no time that grows beyond measure', () => {
    assert.equal(matchesGlob(`${'a*'.repeat(100)}b`, 'a'.repeat(5_000)), false);
  });
});

describe('a host', () => {
  it('is protected by each rule that matches, and all of them are named', () => {
    const all = rules({
      names: ['dc*', 'sql*', '*.corp.example'],
      groupIds: [3, 4],
      sensorIds: [7],
      osTypes: ['windows', 'linux'],
      servers: true,
    });
    assert.deepEqual(hostProtectedBy(all, HOST), [
      'name dc*',
      'name *.corp.example',
      'group 3',
      'sensor 7',
      'system windows',
      'it is a server (Windows Server 2019 Standard, 64-bit)',
    ]);
  });

  it('is protected by its short name where it is known by its full one alone', () => {
    assert.deepEqual(
      hostProtectedBy(rules({ names: ['dc01'] }), { ...HOST, names: ['dc01.corp.example.'] }),
      ['name dc01'],
    );
  });

  it('is not protected by what it is not', () => {
    const others = rules({ names: ['adc*', 'dc0'], groupIds: [1], sensorIds: [1], osTypes: ['linux'] });
    assert.deepEqual(hostProtectedBy(others, HOST), []);
    assert.deepEqual(hostProtectedBy(rules({}), HOST), []);
    const work = { ...HOST, os: 'Windows 10 Enterprise, 64-bit' };
    assert.deepEqual(hostProtectedBy(rules({ servers: true }), work), []);
  });

  it('may be protected by rules that nobody can judge yet', () => {
    const unknown: KnownHost = { names: ['x'], groupId: null, sensorId: null, os: null, osType: null };
    const all = rules({ names: ['dc*'], groupIds: [3], sensorIds: [7], osTypes: ['linux'], servers: true });
    assert.equal(hostRulesOpen(all, unknown).length, 4);
    assert.deepEqual(hostRulesOpen(all, HOST), []);
  });

  it('is a server where the name of its system says so', () => {
    for (const os of ['Windows Server 2019', 'Windows 2008 R2 Server', 'Red Hat Enterprise Linux Server 7.4'])
      assert.ok(isServerOs(os), os);
    for (const os of ['Windows 10 Enterprise', 'Mac OSX 10.15.7', 'Linux CentOS 7.9'])
      assert.ok(!isServerOs(os), os);
  });
});

describe('a process that the policy protects', () => {
  it('is known by its base name, in any case, wherever it lies', () => {
    for (const path of [
      'erp.exe',
      'C:\\App\\ERP.EXE',
      'd:/other/Erp.exe',
      'c:\\app\\erp.exe. ',
      '/opt/erp.exe',
    ])
      assert.match(protectedByPolicy(path, ['x', 'Erp.exe']) ?? '', /protects Erp\.exe/, path);
    for (const path of ['c:\\app\\derp.exe', 'c:\\erp.exe\\x.exe', 'erp.exe.bak', 'erp'])
      assert.equal(protectedByPolicy(path, ['erp.exe']), null, path);
  });

  it('is known by its full path, with both kinds of slash and a device prefix', () => {
    const entries = ['C:\\App\\erp.exe', '/opt/erp/erpd'];
    for (const path of [
      'c:\\app\\ERP.exe',
      'c:/app/erp.exe',
      '\\\\?\\c:\\app\\erp.exe',
      '/opt/erp/erpd (deleted)',
    ])
      assert.notEqual(protectedByPolicy(path, entries), null, path);
    for (const path of ['d:\\app\\erp.exe', 'erp.exe', '/opt/erp/erpd2'])
      assert.equal(protectedByPolicy(path, entries), null, path);
  });

  it('comes on top of the built-in list, which no policy takes away', () => {
    assert.match(protectedFromKill('lsass.exe', 'windows', []) ?? '', /operating system/);
    assert.match(protectedFromKill('cb.exe', 'windows', ['erp.exe']) ?? '', /sensor/);
    assert.match(protectedFromKill('erp.exe', 'windows', ['erp.exe']) ?? '', /policy/);
    assert.equal(protectedFromKill('vnc.exe', 'windows', ['erp.exe']), null);
  });

  it('stays protected when an upgrade has replaced its file, and under a device prefix', () => {
    for (const path of ['/usr/sbin/cbdaemon (deleted)', '/usr/lib/systemd/systemd-journald (deleted)'])
      assert.notEqual(protectedFromKill(path, 'linux', []), null, path);
    assert.notEqual(protectedFromKill('\\\\.\\C:\\Windows\\System32\\lsass.exe', 'windows', []), null);
    assert.equal(protectedFromKill('/tmp/systemd (deleted)', 'linux', []), null);
  });
});
