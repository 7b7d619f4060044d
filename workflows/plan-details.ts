import type { Plan } from '../contract/index.js';
import type { Question } from './approval-state.js';
import type { Containment } from './containment.js';
import { iso } from './time.js';

const ROWS = 20;
const CELL = 120;

/** The plan that a person is asked about, in Markdown, with what to type; short enough for Temporal Web. */
export function planDetails(run: Containment, { plan, because, deadline }: Question): string {
  return [
    `#### Waits for approval until ${iso(deadline)}`,
    because.map((why) => `- because ${cell(why)}`).join('\n'),
    plan.steps
      .slice(0, ROWS)
      .map((s) => `- **${s.step}**: ${cell(s.effect)}`)
      .join('\n'),
    table(
      ['process', 'user', 'MD5', ''],
      plan.processes.map(({ path, username, md5, outcome }) => [
        path,
        username,
        md5,
        outcome === 'protected' ? 'protected: left alone' : 'to be killed',
      ]),
    ),
    table(['hash', 'would be', 'signed', 'publisher', 'hosts'], hashRows(plan)),
    `\`cb-playbook approve ${run.workflowId} --digest ${plan.digest}\``,
    `\`cb-playbook deny ${run.workflowId} --reason TEXT\``,
    `or update \`approve\` with \`{"digest":"${plan.digest}","who":"…","why":"…"}\`, update \`deny\` with \`{"who":"…","why":"…"}\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function hashRows(plan: Plan): (string | null)[][] {
  return plan.hashes.map((h) => [
    h.md5,
    h.judgement === 'refuse' ? `refused: ${h.why ?? ''}` : h.ban?.enabled ? 'banned already' : 'banned',
    h.signed,
    h.publisher,
    h.hostsSeen === null ? 'unknown' : String(h.hostsSeen),
  ]);
}

function table(head: string[], rows: (string | null)[][]): string {
  if (rows.length === 0) return '';
  const line = (cells: (string | null)[]): string => `| ${cells.map((c) => cell(c ?? '?')).join(' | ')} |`;
  const rest = rows.length > ROWS ? [`… and ${rows.length - ROWS} more`] : [];
  const body = [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.slice(0, ROWS).map(line)];
  return [body.join('\n'), ...rest].join('\n\n');
}

/** A path is the intruder's own text: it must not look like a table, a link or markup. */
function cell(text: string): string {
  const plain = text.replace(/[|`[\]<>*_\r\n]/g, ' ');
  return plain.length > CELL ? `${plain.slice(0, CELL - 1)}…` : plain;
}
