const DEV_SERVER = /^(localhost|127\.0\.0\.1|\[::1\]):7233$/;

/**
 * Where Temporal Web is: what was given, else `CB_PLAYBOOK_WEB_URL`, else http://localhost:8233 for a dev server at its
 * usual address; `null` where it is not known.
 */
export function webBase(
  given: string | undefined,
  address: string | null,
  env: NodeJS.ProcessEnv,
): string | null {
  const configured = given ?? env['CB_PLAYBOOK_WEB_URL'];
  if (configured) return configured.replace(/\/+$/, '');
  return address !== null && DEV_SERVER.test(address) ? 'http://localhost:8233' : null;
}

/** The page of one run in Temporal Web, or `null` where Temporal Web is not known. */
export function webLink(
  base: string | null,
  namespace: string,
  workflowId: string,
  runId: string,
): string | null {
  if (base === null) return null;
  const [ns, id, run] = [namespace, workflowId, runId].map(encodeURIComponent);
  return `${base}/namespaces/${ns}/workflows/${id}/${run}`;
}
