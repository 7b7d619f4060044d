import type { ProcessReport, Receipt } from '../../contract/index.js';

const AT = '2026-11-24T13:43:46.100Z';

function process(pid: number, outcome: ProcessReport['outcome']): ProcessReport {
  return {
    guid: `00000001-0000-0b30-01d3-9e6a5d0f1a${pid}`,
    pid,
    parentGuid: null,
    path: 'c:\\notes\\vnc.exe',
    commandLine: null,
    username: null,
    startedAt: null,
    md5: 'A'.repeat(32),
    hashSource: 'index',
    outcome,
    why: null,
    at: AT,
    round: 1,
  };
}

/** A receipt of a contained host, for tests of what is made of receipts. */
export function aReceipt(more: Partial<Receipt> = {}): Receipt {
  const runId = 'run-1';
  return {
    schema: 'cb-response-playbook/receipt/v1',
    verdict: 'contained',
    gaps: [],
    summary: 'win7pro64 is contained: isolated, 2 dead, 1 banned.',
    workflowId: 'contain/win7pro64',
    runId,
    webUrl: `http://localhost:8233/namespaces/default/workflows/contain%2Fwin7pro64/${runId}`,
    startedAt: '2026-11-24T13:43:40.000Z',
    endedAt: '2026-11-24T13:43:47.000Z',
    playbookVersion: '0.2.0',
    case: null,
    request: { hostname: 'win7pro64', processName: 'vnc.exe' },
    requestedBy: [
      { who: 'ann', reason: null, at: AT, selector: { name: 'vnc.exe' }, joined: false, requestId: null },
    ],
    target: {
      server: '127.0.0.1:8443',
      sensorId: 1,
      hostname: 'WIN7PRO64',
      dnsName: null,
      ip: '192.168.1.163',
      groupId: 1,
      os: 'Windows 7 Professional',
      osType: 'windows',
      lastCheckin: null,
      registration: null,
    },
    isolation: {
      outcome: 'isolated',
      requestedAt: '2026-11-24T13:43:40.500Z',
      confirmedAt: '2026-11-24T13:43:45.000Z',
      leaseId: 'isolation/1',
      expiresAt: null,
    },
    hostState: {
      ...{ wish: true, fact: true, liveMatches: 0 },
      ...{ listedAt: '2026-11-24T13:43:45.900Z', asOf: '2026-11-24T13:43:46.900Z' },
    },
    drift: [],
    policy: null,
    overrides: [],
    approval: null,
    plan: null,
    evidence: [],
    processes: [process(2864, 'killed'), process(12, 'already-gone')],
    bans: [
      {
        md5: 'A'.repeat(32),
        outcome: 'banned',
        why: null,
        guid: null,
        percentOfFleet: null,
        signed: null,
        publisher: null,
        hostsSeen: 2,
        enforcedOnTarget: true,
        at: AT,
      },
    ],
    undo: [],
    failurePolicy: { policy: 'auto', changedBy: null, why: null },
    sessions: [{ id: 1, ours: true, closed: true, why: null }],
    nearestNames: [],
    notes: [],
    deadlinesPassed: [],
    problems: [],
    truncated: {},
    ...more,
  };
}
