import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EXIT, exitCodeOf, type Verdict, VERDICTS } from '../../contract/index.js';

const exit = (verdict: Verdict, ...types: string[]): number =>
  exitCodeOf({ verdict, problems: types.map((type) => ({ type })) });

describe('verdicts', () => {
  it('stand with the worst first', () => {
    assert.deepEqual(VERDICTS, [
      'rollback-incomplete',
      'rolled-back',
      'not-contained',
      'isolation-pending',
      'contained-partly',
      'contained',
      'planned',
    ]);
  });

  it('have the exit codes that scripts rely on', () => {
    assert.deepEqual(
      VERDICTS.map((verdict) => [verdict, exit(verdict)]),
      [
        ['rollback-incomplete', 14],
        ['rolled-back', 13],
        ['not-contained', 12],
        ['isolation-pending', 11],
        ['contained-partly', 10],
        ['contained', 0],
        ['planned', 0],
      ],
    );
  });

  it('exit with 16 where a guard rail refused, and only where nothing was contained', () => {
    assert.equal(exit('not-contained', 'ProtectedProcess'), EXIT.refused);
    assert.equal(exit('not-contained', 'NoSuchHost', 'ProtectedHash'), EXIT.refused);
    assert.equal(exit('contained-partly', 'ProtectedProcess'), 10);
    assert.equal(exit('not-contained', 'NoSuchHost'), 12);
  });
});
