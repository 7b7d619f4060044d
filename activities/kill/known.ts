import type { LiveProcess, ProcessRow } from '../../cb-response/index.js';

/** What one attempt has learnt so far, so that no round asks for it twice. */
export class Known {
  /** MD5 that the index has for a GUID; `null`: it has none. */
  readonly hashByGuid = new Map<string, string | null>();
  /** MD5 of a file on the host; `null`: it cannot be read. */
  readonly hashByPath = new Map<string, string | null>();
  /** Paths over which a session went away: the second time it is the file's doing. */
  readonly sessionLostOver = new Set<string>();
  /** Rows of the index by base name, and by the number of a selector. */
  readonly rowsByName = new Map<string, ProcessRow[]>();
  readonly rowsBySelector = new Map<number, ProcessRow[]>();
  /** GUIDs that live and belong to selectors by what the index says of them, whatever their path is called now. */
  readonly selectedByIndex = new Map<string, Set<number>>();
  /** GUIDs of matches that are among what a person approved. */
  readonly approved = new Set<string>();
  /** The last list, whatever came after it. */
  lastList: LiveProcess[] = [];
  /** Of the last list: what runs from a file whose hash a selector needs and that could not be had. */
  unhashed: string[] = [];
}
