import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkRequest } from '../../contract/index.js';

const selectorOf = (request: object) => {
  const checked = checkRequest({ hostname: 'win7pro64', ...request });
  assert.ok(checked.ok, JSON.stringify(checked));
  return checked.request.selector;
};

describe('blanks in a selector', () => {
  it('stay as they are within a path and a name: both match exactly', () => {
    const processPath = 'c:\\program  files\\my  tool.exe';
    assert.deepEqual(selectorOf({ processPath }), { path: processPath });
    assert.deepEqual(selectorOf({ processName: 'my  tool.exe' }), { name: 'my  tool.exe' });
  });

  it('are dropped around it only', () => {
    assert.deepEqual(selectorOf({ processPath: '  c:\\a  b\\x.exe ' }), { path: 'c:\\a  b\\x.exe' });
  });

  it('of a text for people become one line', () => {
    const checked = checkRequest({ hostname: 'a', processName: 'x.exe', reason: ' two \n lines ' });
    assert.ok(checked.ok);
    assert.equal(checked.request.reason, 'two lines');
  });
});
