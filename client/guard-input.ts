import { type CheckedUndo, checkUndo } from '../contract/undo.js';
import { RequestFields } from '../contract/request-fields.js';
import { InvalidRequestError } from './errors.js';

export interface UndoWords {
  apply?: boolean | undefined;
  runId?: string | undefined;
  reason?: string | undefined;
  who?: string | undefined;
}

/** What a person typed, before anybody is asked. */
export function checkedUndo(idOrHost: string, { apply, runId, reason, who }: UndoWords): CheckedUndo {
  const checked = checkUndo({ workflowId: idOrHost, apply, runId, reason, who });
  if (!checked.ok) throw new InvalidRequestError(checked.mistakes);
  return checked.request;
}

/** Who lets the playbook go on, and why where somebody says so. */
export function resumeWords(o: { who?: string | undefined; reason?: string | undefined }): {
  who: string | null;
  why: string | null;
} {
  const fields = new RequestFields({ ...o });
  const who = fields.text('who', 200, 'A short text of one line.', 'one-line');
  const why = fields.text('reason', 1_000, 'Why, in a few words of one line; or none at all.', 'one-line');
  if (fields.mistakes.length > 0) throw new InvalidRequestError(fields.mistakes);
  return { who, why };
}
