import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { receiptText } from '../../cli/text/receipt.js';
import { statusText } from '../../cli/text/status.js';
import type { ContainmentStatus, Receipt } from '../../contract/index.js';
import { aReceipt } from '../end-to-end/a-receipt.js';

describe('a receipt for people', () => {
  it('says the verdict and the host first, then one sentence', () => {
    const [first, second] = receiptText(aReceipt()).split('\n');
    assert.equal(
      first,
      'CONTAINED  WIN7PRO64 (sensor 1, 192.168.1.163, Windows 7 Professional) on 127.0.0.1:8443',
    );
    assert.equal(second, 'win7pro64 is contained: isolated, 2 dead, 1 banned.');
  });

  it('names the policy, and who overrode which of its rules, why, and for what', () => {
    const override = {
      rule: 'protected-host',
      who: 'ann',
      why: 'it is on fire',
      letThrough: 'DC01 is protected.',
    };
    const text = receiptText(
      aReceipt({
        policy: { name: 'company.yaml', digest: 'abcdef012345'.padEnd(64, '0') },
        overrides: [override, { ...override, rule: 'limits', letThrough: null }] as Receipt['overrides'],
      }),
    );
    assert.match(text, /^ {2}policy {5}company\.yaml \(digest abcdef012345…\)$/m);
    assert.match(text, /protected-host overridden by ann: it is on fire \(DC01 is protected\.\)$/m);
    assert.match(text, /limits overridden by ann: it is on fire \(it let nothing through\)$/m);
    const older: Partial<Receipt> = aReceipt();
    delete older.policy;
    delete older.overrides;
    assert.doesNotMatch(receiptText(older as Receipt), /^ {2}policy/m);
  });

  it('aligns its rows and says what is banned, by when it is isolated, and where the run is', () => {
    const text = receiptText(aReceipt());
    assert.match(text, /^ {2}isolation {2}isolated \(asked 13:43:40Z, confirmed 13:43:45Z\)$/m);
    assert.match(text, /^ {13}under lease isolation\/1, until released$/m);
    assert.match(text, /^ {2}processes {2}2 of 2 dead$/m);
    assert.match(text, /^ {13}killed {8}pid 2864 {2}13:43:46Z {2}c:\\notes\\vnc\.exe {2}MD5 AAAA/m);
    assert.match(text, /^ {13}already-gone {2}pid 12 {4}13:43:46Z/m);
    assert.match(text, /^ {2}bans {7}banned {2}A{32} {2}seen on 2 hosts$/m);
    assert.match(text, /^ {2}run {8}contain\/win7pro64 {2}run-1$/m);
    assert.match(text, /2026-11-24 13:43:40Z to 2026-11-24 13:43:47Z \(7s\)/);
    assert.match(text, /http:\/\/localhost:8233\/namespaces\/default/);
  });

  it('says where evidence lies, or why there is none', () => {
    const about = {
      kind: 'file',
      guid: 'g',
      path: 'c:\\notes\\vnc.exe',
      at: '2026-11-24T13:43:45.000Z',
    } as const;
    const taken = {
      outcome: 'taken',
      where: 'w1:/ev/x.exe',
      md5: 'A'.repeat(32),
      bytes: 7,
      why: null,
    } as const;
    const skipped = { outcome: 'skipped', where: null, md5: null, bytes: null, why: 'No folder.' } as const;
    const text = receiptText(
      aReceipt({
        evidence: [
          { ...about, ...taken },
          { ...about, ...skipped },
        ],
      }),
    );
    assert.match(
      text,
      /^ {2}evidence {3}taken {4}file {2}c:\\notes\\vnc\.exe {2}w1:\/ev\/x\.exe {2}7 bytes {2}MD5 AAAA/m,
    );
    assert.match(text, /^ {13}skipped {2}file {2}c:\\notes\\vnc\.exe {2}No folder\.$/m);
  });

  it('of a contained host asks for nothing more', () => {
    assert.doesNotMatch(receiptText(aReceipt()), /^ {2}next/m);
  });

  it('puts each gap in words and says what to do next', () => {
    const text = receiptText(
      aReceipt({
        verdict: 'contained-partly',
        gaps: ['nothing-matched', 'ban-refused'],
        processes: [],
        nearestNames: ['vncx.exe'],
      }),
    );
    assert.match(text, /^ {2}next {7}Check the spelling/m);
    assert.match(text, /^ {2}gaps {7}nothing-matched: no process matched/m);
    assert.match(text, /nearest names found: vncx\.exe/);
  });

  it('names what was undone, by whose policy, and what went wrong', () => {
    const text = receiptText(
      aReceipt({
        verdict: 'rollback-incomplete',
        undo: [
          {
            change: 'ban',
            target: 'A'.repeat(32),
            outcome: 'failed',
            why: 'no right',
            at: '2026-11-24T13:44:00Z',
          },
        ],
        failurePolicy: { policy: 'release', changedBy: 'ann', why: 'false alarm' },
        problems: [{ step: 'ban', type: 'Forbidden', message: 'The token lacks a right.' }],
      }),
    );
    assert.match(text, /^ROLLBACK-INCOMPLETE/);
    assert.match(text, /Undo by hand what is marked failed/);
    assert.match(text, /^ {2}undo {7}failed {2}ban A{32} {2}no right$/m);
    assert.match(text, /failure policy release, set by ann: false alarm/);
    assert.match(text, /^ {2}problems {3}ban: Forbidden: The token lacks a right\.$/m);
  });

  it('without a target still says which run it was, and cuts long lists with a count', () => {
    const one = aReceipt().processes[0];
    assert.ok(one);
    const many = Array.from({ length: 30 }, (_, pid) => ({ ...one, pid }));
    const text = receiptText(aReceipt({ target: null, processes: many, truncated: { processes: 100 } }));
    assert.match(text, /^CONTAINED {2}contain\/win7pro64/);
    assert.match(text, /30 of 130 dead/);
    assert.match(text, /and 110 more/);
  });
});

describe('a status for people', () => {
  it('says the step, and how long it may still wait', () => {
    const { target, isolation, requestedBy } = aReceipt();
    const status: ContainmentStatus = {
      workflowId: 'contain/win7pro64',
      runId: 'run-1',
      step: 'enumerate-and-kill',
      verdict: null,
      summary: 'win7pro64: enumerate-and-kill.',
      target,
      isolation,
      requestedBy,
      failurePolicy: 'auto',
      processes: { total: 2, dead: 1, alive: 1 },
      bans: [],
      problems: [],
      waitingFor: [{ what: 'a Live Response session', deadline: '2026-11-24T13:45:00.000Z' }],
      approval: null,
      startedAt: '2026-11-24T13:43:40.000Z',
      updatedAt: '2026-11-24T13:44:00.000Z',
      receipt: null,
    };
    const text = statusText(status, null, Date.parse('2026-11-24T13:44:00.000Z'));
    assert.match(text, /^RUNNING \(enumerate-and-kill\) {2}WIN7PRO64/);
    assert.match(text, /waiting {4}for a Live Response session, at most 1m more/);
    assert.match(text, /1 of 2 dead, 1 alive/);
  });
});
