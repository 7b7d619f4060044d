/**
 * What of the address of the receiver of notifications must never be printed: many a chat tool has the key to a channel in
 * the path or the query, also where they stand alone.
 */
export function secretsOfNotifyUrl(notifyUrl: string | undefined): string[] {
  if (notifyUrl === undefined) return [];
  const { pathname, search, searchParams, password } = new URL(notifyUrl);
  const long = [...pathname.split('/'), ...searchParams.values(), password].filter(
    (part) => part.length >= 12,
  );
  return [notifyUrl, `${pathname}${search}`, ...long].filter((part) => part !== '/');
}

const SECRET_NAMES = /^(CBAPI_TOKEN|TEMPORAL_API_KEY|TEMPORAL_TLS_CLIENT_KEY_DATA|CB_PLAYBOOK_NOTIFY_URL)$/;

/**
 * Once they were read, secrets are taken out of the environment: diagnostic reports hold it whole, and child processes
 * inherit it. What the system itself keeps of a process's first environment stays.
 */
export function forgetSecrets(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) {
    if (SECRET_NAMES.test(name) || name.startsWith('TEMPORAL_GRPC_META_')) delete env[name];
  }
}
