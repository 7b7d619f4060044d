import { checkProxy, proxyOf } from './agents.js';
import type { CbResponseConfig } from './types.js';

/**
 * What of a configuration must never be printed: the token, and the password of the proxy that it goes by, as written,
 * decoded, and as the proxy is told it. Throws CbConfigError for a proxy that is no URL.
 */
export function secretsOf(
  config: Pick<CbResponseConfig, 'url' | 'token' | 'proxy' | 'useSystemProxy'>,
  env: NodeJS.ProcessEnv = process.env,
): string[] {
  const proxy = proxyOf(config, env);
  if (proxy === null) return [config.token];
  const { username, password } = checkProxy(proxy);
  if (password === '') return [config.token];
  const plain = decoded(password);
  const told = Buffer.from(`${decoded(username)}:${plain}`).toString('base64');
  return [config.token, password, plain, told];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
