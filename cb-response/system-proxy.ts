/**
 * The proxy the environment names for a URL: `HTTPS_PROXY` or `HTTP_PROXY`, else `ALL_PROXY`, unless `NO_PROXY` excludes
 * the host (names, `.suffix`, `*.suffix`, `*`, an optional `:port`). Asked only when `useSystemProxy` is on.
 */
export function systemProxyFor(url: string, env: NodeJS.ProcessEnv): string | null {
  const { protocol, hostname, port } = new URL(url);
  const read = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name.toUpperCase()];
  const effectivePort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  const excluded = (read('no_proxy') ?? '')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => excludes(entry.toLowerCase(), hostname.toLowerCase(), effectivePort));
  if (excluded) return null;
  const proxy = read(protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? read('all_proxy');
  return proxy === undefined || proxy === '' ? null : proxy;
}

function excludes(entry: string, hostname: string, port: string): boolean {
  if (entry === '*') return true;
  const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const suffix = name.replace(/^\*?\./, '');
  return hostname === suffix || hostname.endsWith(`.${suffix}`);
}
