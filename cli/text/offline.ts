import type { ContainRequest } from '../../contract/index.js';

/** What happens to an offline host while it is away, when it comes back, and when it does not: told once, when it matters. */
export function offlineText(host: string, request: ContainRequest): string {
  const { isolate = true, offline = 'wait', offlineFor = '72h' } = request;
  const withheld = isolate && request.offlineWish === 'withhold' && offline === 'wait';
  const away = !isolate
    ? `${host} is offline.`
    : withheld
      ? `${host} is offline; isolation is asked for only once it is back.`
      : `${host} is offline; the wish to isolate it stands on the server, and its first check-in isolates it.`;
  if (offline === 'isolate-only') return `${away} Processes are left alone.`;
  const back = `It is waited for up to ${offlineFor}: when it comes back in that time, processes are killed and banned then.`;
  if (!isolate || withheld) return `${away} ${back} After that the run ends, and nothing was changed on it.`;
  const late =
    request.offlineExpire === 'withdraw'
      ? 'After that the wish is withdrawn, and that is confirmed.'
      : 'After that the run ends isolation-pending: the wish stands under its lease, which keeps watching, and a host that comes back later is isolated then; nothing is killed.';
  return `${away} ${back} ${late}${leaseWords(request)}`;
}

function leaseWords({ lease, offlineExpire }: ContainRequest): string {
  if (lease === undefined || offlineExpire === 'withdraw') return '';
  return ` --lease ${lease} counts only from a run that ends contained: otherwise the host stays isolated until somebody releases it.`;
}
