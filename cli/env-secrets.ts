const NAMES = ['CBAPI_TOKEN', 'TEMPORAL_API_KEY', 'CB_PLAYBOOK_NOTIFY_URL'];

/** Secrets that the environment holds now: a worker takes them out of it once it has read them. */
export function secretsOfEnv(env: NodeJS.ProcessEnv = process.env): string[] {
  return NAMES.flatMap((name) => {
    const value = env[name]?.trim();
    return value ? [value] : [];
  });
}
