import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import {
  checkPolicy,
  exitCodeOf,
  FAILURES,
  GAPS,
  PLAYBOOK_VERSION,
  POLICY_KEYS,
  REQUEST_KEYS,
  VERDICTS,
} from '../../contract/index.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const receiptPage = read('docs/receipt.md');
const readme = read('README.md');

/** Cells of the table row that begins with this word in backticks. */
function row(page: string, word: string): string[] {
  const line = page.split('\n').find((l) => l.startsWith(`| \`${word}\``));
  assert.ok(line, `no row for ${word}`);
  return line.split('|').map((cell) => cell.trim());
}

describe('what the pages say of verdicts, gaps and failures', () => {
  it('every verdict has its exit code in README and in the reference', () => {
    for (const verdict of VERDICTS) {
      const code = String(exitCodeOf({ verdict, problems: [] }));
      assert.equal(row(receiptPage, verdict).at(-2), code, verdict);
      if (verdict !== 'planned')
        assert.match(row(readme, verdict).at(-2) ?? '', new RegExp(`^${code}\\b`), verdict);
    }
  });

  it('every gap is explained', () => {
    for (const gap of GAPS) assert.notEqual(row(receiptPage, gap)[2], '');
  });

  it('every failure type is listed, as final as the code has it', () => {
    for (const [type, { final, meaning }] of Object.entries(FAILURES)) {
      const [, , isFinal, says] = row(receiptPage, type);
      assert.deepEqual([isFinal, says], [final ? 'yes' : 'no', meaning], type);
    }
  });

  it('every key of a request is listed', () => {
    for (const key of REQUEST_KEYS) assert.ok(receiptPage.includes(`\`${key}\``), key);
  });

  it('every key of a policy is listed, and the example of the page is one', () => {
    const page = read('docs/policy.md');
    for (const [section, keys] of Object.entries(POLICY_KEYS))
      for (const key of keys) {
        const path = section === '' ? key : `${section}.${key}`;
        const isListed = page.includes(`\`${path}`) || page.includes(`\`.${key}\``);
        assert.ok(isListed, path);
      }
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const checked = checkPolicy(parse(example));
    assert.ok(checked.ok, JSON.stringify(checked));
  });

  it('receipts bear the version of the package', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    assert.equal(PLAYBOOK_VERSION, version);
  });

  it('the test on the page for testers is the one that is run on the packed tarball', () => {
    const shown = /```js\n([\s\S]*?)```/.exec(read('docs/testing.md'))?.[1] ?? '';
    const run = read('test/package/consumer/sample.test.mjs');
    assert.ok(run.includes(shown.trim()), 'docs/testing.md and test/package/consumer/sample.test.mjs differ');
  });
});
