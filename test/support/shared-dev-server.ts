import { atTheEnd } from '../../scripts/at-the-end.mjs';
import { type DevServer, type RunningServer, startDevServer } from '../../testing/index.js';

/** More than the files of one process ask for. */
const NAMESPACES = Array.from({ length: 24 }, (_, i) => `own-${i + 1}`);
let shared: Promise<DevServer> | null = null;
let given = 0;

/**
 * One Temporal dev server for all test files of a process, which costs a second of computing, and a namespace of its own for
 * each caller: nobody meets another's runs. For tests that do nothing to the server itself.
 */
export async function namespaceOfItsOwn(): Promise<RunningServer> {
  if (shared === null) {
    shared = startDevServer({ namespaces: NAMESPACES, background: true });
    atTheEnd(async () => await (await shared)?.stop());
  }
  const namespace = NAMESPACES[given];
  given += 1;
  if (namespace === undefined) throw new Error(`More than ${NAMESPACES.length} namespaces in one process.`);
  return { server: await shared, namespace };
}
