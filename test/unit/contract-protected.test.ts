import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { protectedProcessName } from '../../contract/index.js';

describe('A program of the operating system', () => {
  it('is known in its folder, however a list writes that folder.', () => {
    for (const folder of [
      'c:\\windows\\system32\\',
      'C:/Windows/System32/',
      '\\\\?\\c:\\windows\\system32\\',
      '\\??\\c:\\windows\\system32\\',
      '\\SystemRoot\\System32\\',
      '%SystemRoot%\\system32\\',
      '\\Device\\HarddiskVolume3\\Windows\\System32\\',
      '\\device\\harddiskvolume12\\windows\\system32\\',
      '\\\\?\\GLOBALROOT\\Device\\HarddiskVolume3\\Windows\\System32\\',
      '',
    ])
      assert.match(protectedProcessName(`${folder}lsass.exe`, 'windows') ?? '', /operating system/, folder);
  });

  it('is an impostor anywhere else.', () => {
    for (const folder of [
      'c:\\temp\\',
      'c:\\temp\\windows\\system32\\',
      '\\Device\\HarddiskVolume3\\Temp\\Windows\\',
      '\\Device\\Mup\\server\\windows\\',
      'c:\\device\\harddiskvolume3\\windows\\',
    ])
      assert.equal(protectedProcessName(`${folder}lsass.exe`, 'windows'), null, folder);
  });
});
