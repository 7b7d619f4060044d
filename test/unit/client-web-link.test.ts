import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { webBase, webLink } from '../../client/web-link.js';

describe('the link to Temporal Web', () => {
  it('names namespace, workflow and run', () => {
    assert.equal(
      webLink('http://localhost:8233', 'default', 'contain/win7pro64', 'r-1'),
      'http://localhost:8233/namespaces/default/workflows/contain%2Fwin7pro64/r-1',
    );
  });

  it('is of the option, then of CB_PLAYBOOK_WEB_URL, then of a dev server at its usual place', () => {
    const env = { CB_PLAYBOOK_WEB_URL: 'https://web.example/' };
    assert.equal(webBase('https://other.example', '127.0.0.1:7233', env), 'https://other.example');
    assert.equal(webBase(undefined, '127.0.0.1:7233', env), 'https://web.example');
    assert.equal(webBase(undefined, 'localhost:7233', {}), 'http://localhost:8233');
  });

  it('is left out where nobody knows where Temporal Web is', () => {
    assert.equal(webBase(undefined, 'temporal.example:7233', {}), null);
    assert.equal(webLink(null, 'default', 'a', 'b'), null);
  });
});
