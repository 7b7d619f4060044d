import { formatDuration } from '../../contract/duration.js';
import type { BanReport, Receipt } from '../../contract/index.js';
import { planLines } from './plan.js';
import { clockTime, columns, dateTime, section } from './table.js';
import { targetText } from './target.js';
import { GAP_WORDS, nextSteps } from './words.js';

const ROWS = 20;

type SeenBan = Pick<BanReport, 'hostsSeen'> &
  Partial<Pick<BanReport, 'percentOfFleet' | 'publisher' | 'signed'>>;

/** A receipt for people: the verdict first, then what to do next, then the account. */
export function receiptText(receipt: Receipt): string {
  if (receipt.verdict === 'planned') return plannedText(receipt);
  return [
    `${receipt.verdict.toUpperCase()}  ${receipt.target ? targetText(receipt.target) : receipt.workflowId}`,
    receipt.summary,
    '',
    ...section('next', nextSteps(receipt)),
    ...section(
      'gaps',
      receipt.gaps.map((gap) => `${gap}: ${GAP_WORDS[gap] ?? gap}`),
    ),
    ...section('approval', approvalLines(receipt)),
    ...section('isolation', isolationLines(receipt)),
    ...section('drift', driftLines(receipt)),
    ...section('processes', processLines(receipt)),
    ...section('evidence', evidenceLines(receipt)),
    ...section('bans', banLines(receipt)),
    ...section('policy', policyLines(receipt)),
    ...section('undo', undoLines(receipt)),
    ...section('sessions', sessionLines(receipt)),
    ...section(
      'deadlines',
      receipt.deadlinesPassed.map((d) => `${d.waitingFor} was not there by ${dateTime(d.deadline)}`),
    ),
    ...section(
      'problems',
      receipt.problems.map((p) => `${p.step}: ${p.type}: ${p.message}`),
    ),
    ...section('notes', receipt.notes),
    ...section('asked by', requesterLines(receipt)),
    ...section('run', runLines(receipt)),
  ].join('\n');
}

/** Of a dry run: its plan, and that nothing was changed. */
function plannedText(receipt: Receipt): string {
  return [
    `${receipt.verdict.toUpperCase()}  ${receipt.target ? targetText(receipt.target) : receipt.workflowId}`,
    receipt.summary,
    '',
    ...section('next', nextSteps(receipt)),
    ...(receipt.plan === null ? [] : planLines(receipt.plan)),
    ...section(
      'problems',
      receipt.problems.map((p) => `${p.step}: ${p.type}: ${p.message}`),
    ),
    ...section('run', runLines(receipt)),
  ].join('\n');
}

/** Receipts of older versions have no approval. */
function approvalLines({ approval = null }: Partial<Receipt>): string[] {
  if (approval === null) return [];
  const { answer, who, why, at, mode, because, digest, plans } = approval;
  if (answer === 'not-needed') return ['not needed by any rule'];
  const given =
    answer === null ? 'not answered' : `${answer}${who === null ? '' : ` by ${who}`} at ${clockTime(at)}`;
  return [
    `${given}${why === null ? '' : `: ${why}`} (${mode}${plans > 1 ? `, ${plans} plans shown` : ''})`,
    ...because.map((reason) => `asked because ${reason}`),
    ...(digest === null ? [] : [`plan ${digest}`]),
  ];
}

function isolationLines({ isolation: i, hostState }: Receipt): string[] {
  const times = [
    i.requestedAt ? `asked ${clockTime(i.requestedAt)}` : null,
    i.confirmedAt ? `confirmed ${clockTime(i.confirmedAt)}` : null,
  ].filter((part) => part !== null);
  const first = `${i.outcome}${times.length > 0 ? ` (${times.join(', ')})` : ''}`;
  const held =
    hostState.wish === true && i.leaseId !== null
      ? [`under lease ${i.leaseId}, ${i.expiresAt ? `until ${dateTime(i.expiresAt)}` : 'until released'}`]
      : [];
  const seen =
    hostState.asOf === null
      ? []
      : [
          `at ${clockTime(hostState.asOf)} the host was ${known(hostState.fact, 'isolated', 'not isolated')}, and isolation was ${known(hostState.wish, 'asked for', 'not asked for')}`,
        ];
  return [first, ...held, ...seen];
}

/** Receipts of older versions have no such list. */
function driftLines({ drift = [] }: Partial<Receipt>): string[] {
  return drift.map(({ since, until, what, reasserted }) => {
    const end = until === null ? 'since then' : `until ${clockTime(until)}`;
    return `${dateTime(since)}, ${end}: ${what}${reasserted ? ' The wish was written once more.' : ''}`;
  });
}

function known(value: boolean | null, yes: string, no: string): string {
  return value === null ? 'in an unknown state' : value ? yes : no;
}

function processLines(receipt: Receipt): string[] {
  const { processes, nearestNames, truncated, request } = receipt;
  const names = nearestNames.length > 0 ? [`nearest names found: ${nearestNames.join(', ')}`] : [];
  if (processes.length === 0) return request.kill === false ? ['left alone'] : ['none found', ...names];
  const dead = processes.filter((p) => p.outcome === 'killed' || p.outcome === 'already-gone').length;
  const total = processes.length + (truncated['processes'] ?? 0);
  const rows = processes
    .slice(0, ROWS)
    .map((p) => [
      p.outcome,
      `pid ${p.pid}`,
      clockTime(p.at),
      `${p.path}${p.md5 ? `  MD5 ${p.md5}` : ''}${p.why ? `  (${p.why})` : ''}`,
    ]);
  return [`${dead} of ${total} dead`, ...columns(rows), ...rest(total), ...names];
}

/** Receipts of older versions have no such list. */
function evidenceLines({ evidence = [] }: Partial<Receipt>): string[] {
  const rows = evidence
    .slice(0, ROWS)
    .map((e) => [
      e.outcome,
      e.kind,
      e.kind === 'file' ? e.path : 'of the host',
      [e.where, e.bytes === null ? null : `${e.bytes} bytes`, e.md5 === null ? null : `MD5 ${e.md5}`, e.why]
        .filter((part) => part !== null)
        .join('  '),
    ]);
  return [...columns(rows), ...rest(evidence.length)];
}

function banLines({ bans, truncated }: Receipt): string[] {
  const rows = bans
    .slice(0, ROWS)
    .map((b) => [
      b.outcome,
      b.md5,
      [
        b.enforcedOnTarget === false ? 'recorded, not enforced on this host (banning is off)' : null,
        b.enforcedOnTarget === null ? 'enforcement on this host unknown' : null,
        seenOn(b),
        b.why,
      ]
        .filter((part) => part !== null)
        .join('; '),
    ]);
  const isGlobal = bans.some((b) => b.outcome === 'banned')
    ? ['a ban is global: it holds on every host whose group enforces bans']
    : [];
  return [...columns(rows), ...rest(bans.length + (truncated['bans'] ?? 0)), ...isGlobal];
}

/** Receipts of older versions say neither who signed a file nor on how much of the fleet it is. */
function seenOn({ hostsSeen: n, percentOfFleet: share = null, publisher = null, signed = null }: SeenBan) {
  const hosts = n === null ? null : `seen on ${n === 1 ? 'one host' : `${n} hosts`}`;
  const part = hosts !== null && share !== null ? ` (${share} % of the fleet)` : '';
  const by = publisher === null ? null : `${signed ?? 'signature unknown'}: ${publisher}`;
  const known = [hosts === null ? null : hosts + part, by].filter((text) => text !== null);
  return known.length === 0 ? null : known.join('; ');
}

function rest(total: number): string[] {
  return total > ROWS ? [`… and ${total - ROWS} more (--json shows up to 500)`] : [];
}

function undoLines({ undo, failurePolicy: f }: Receipt): string[] {
  const rows = undo.map((u) => [u.outcome, `${u.change} ${u.target}`, u.why ?? '']);
  const changed =
    f.changedBy === null
      ? []
      : [`failure policy ${f.policy}, set by ${f.changedBy}${f.why ? `: ${f.why}` : ''}`];
  return [...columns(rows), ...changed];
}

function sessionLines({ sessions }: Receipt): string[] {
  return sessions.map(
    (s) =>
      `${s.id} ${s.ours ? 'ours' : "somebody else's"}, ${s.closed ? 'closed' : 'left open'}${s.why ? `: ${s.why}` : ''}`,
  );
}

function requesterLines({ requestedBy, case: ticket }: Receipt): string[] {
  const lines = requestedBy.map((r) => {
    const what = Object.values(r.selector ?? {}).join(' and ');
    return [
      `${r.who ?? 'unknown'} at ${clockTime(r.at)}`,
      r.joined ? 'joined' : null,
      what === '' ? null : what,
      r.reason,
    ]
      .filter((part) => part !== null)
      .join(', ');
  });
  return ticket === null ? lines : [...lines, `case ${ticket}`];
}

/** Receipts of older versions name none. */
function policyLines({ policy, overrides = [] }: Partial<Receipt>): string[] {
  const first = policy == null ? [] : [`${policy.name} (digest ${policy.digest.slice(0, 12)}…)`];
  return [
    ...first,
    ...overrides.map(
      (o) =>
        `${o.rule} overridden by ${o.who ?? 'somebody'}: ${o.why ?? 'no reason given'}` +
        (o.letThrough === null ? ' (it let nothing through)' : ` (${o.letThrough})`),
    ),
  ];
}

function runLines(receipt: Receipt): string[] {
  const took = formatDuration(Date.parse(receipt.endedAt) - Date.parse(receipt.startedAt));
  return [
    `${receipt.workflowId}  ${receipt.runId}`,
    `${dateTime(receipt.startedAt)} to ${dateTime(receipt.endedAt)} (${took})`,
    ...(receipt.webUrl === null ? [] : [receipt.webUrl]),
  ];
}
