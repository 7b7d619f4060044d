import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { checkProxy } from './agents.js';
import { checkServerName, checkToken, checkUrl, readBoolean } from './config-check.js';
import { defaultCredentialFiles, readProfiles } from './credentials-file.js';
import type { Profile, Profiles } from './credentials-file.js';
import { CbConfigError } from './errors.js';
import type { CbResponseConfig, TlsConfig } from './types.js';

export interface LoadOptions {
  /** `process.env` by default. */
  env?: NodeJS.ProcessEnv;
  /** A section of the credentials files; `default` when absent. */
  profile?: string;
  /** Instead of the default files; they must exist, and the environment's CBAPI_URL and CBAPI_TOKEN do not count then. */
  credentialFiles?: string[];
  home?: string;
  cwd?: string;
}

/** Where a configuration came from, for the log line at start. Printing it shows no token and no proxy. */
export interface LoadedConfig extends CbResponseConfig {
  source: 'environment' | 'file';
  /** Of `file`: the profile used. */
  profile: string | null;
  /** A profile was given, yet the environment won: say so. */
  ignoredProfile: string | null;
  /** Of `file`: the files read. */
  files: string[];
}

/**
 * Environment before file, by the rules of the vendor's client (API reference 1.1): the environment counts when both
 * CBAPI_URL and CBAPI_TOKEN are set and no file was given. Throws CbConfigError.
 */
export function loadCbResponseConfig(options: LoadOptions = {}): LoadedConfig {
  const env = options.env ?? process.env;
  const shared = {
    ...(isSet(env['CB_SERVER_NAME'])
      ? { serverName: checkServerName(env['CB_SERVER_NAME'], 'CB_SERVER_NAME') }
      : {}),
    useSystemProxy: readBoolean(env['CB_USE_SYSTEM_PROXY'], 'CB_USE_SYSTEM_PROXY') ?? false,
  };
  if (isSet(env['CBAPI_URL']) && isSet(env['CBAPI_TOKEN']) && options.credentialFiles === undefined) {
    return guarded({
      ...fromEnvironment(env, options),
      ...shared,
      source: 'environment',
      profile: null,
      ignoredProfile: options.profile ?? null,
      files: [],
    });
  }
  const files =
    options.credentialFiles ??
    defaultCredentialFiles(options.home ?? homedir(), options.cwd ?? process.cwd());
  const read = readProfiles(files, options.credentialFiles !== undefined);
  const name = options.profile ?? 'default';
  const profile =
    read.profiles.get(name) ??
    unknownProfile(name, read, { files, env, isNamed: options.profile !== undefined });
  const config = fromProfile(name, profile, options);
  const useSystemProxy = shared.useSystemProxy && config.ignoreSystemProxy !== true;
  delete config.ignoreSystemProxy;
  return guarded({
    ...config,
    ...shared,
    useSystemProxy,
    source: 'file',
    profile: name,
    ignoredProfile: null,
    files: read.files,
  });
}

function fromEnvironment(env: NodeJS.ProcessEnv, o: LoadOptions): CbResponseConfig {
  return {
    url: checkUrl(env['CBAPI_URL'] ?? '', 'CBAPI_URL'),
    token: checkToken(env['CBAPI_TOKEN'] ?? '', 'CBAPI_TOKEN'),
    tls: tlsOf(
      readBoolean(env['CBAPI_SSL_VERIFY'], 'CBAPI_SSL_VERIFY'),
      readBoolean(env['CBAPI_SSL_VERIFY_HOSTNAME'], 'CBAPI_SSL_VERIFY_HOSTNAME'),
      env['CBAPI_SSL_CERT_FILE'],
      o,
    ),
    proxy: null,
  };
}

function fromProfile(
  name: string,
  profile: Profile,
  o: LoadOptions,
): CbResponseConfig & { ignoreSystemProxy?: boolean } {
  const where = (key: string): string => `${key} of the profile [${name}]`;
  const flag = (key: string): boolean | undefined => readBoolean(profile[key], where(key));
  const url = profile['url'];
  const token = profile['token'];
  if (url === undefined || token === undefined) {
    const missing = [url === undefined ? 'url' : '', token === undefined ? 'token' : ''].filter(
      (key) => key !== '',
    );
    throw new CbConfigError(
      `The profile [${name}] has no ${missing.join(' and no ')}. Expected both url and token; add what is missing.`,
    );
  }
  const proxy = isSet(profile['proxy']) ? profile['proxy'] : null;
  if (proxy !== null) checkProxy(proxy);
  return {
    url: checkUrl(url, where('url')),
    token: checkToken(token, where('token')),
    tls: tlsOf(flag('ssl_verify'), flag('ssl_verify_hostname'), profile['ssl_cert_file'], o),
    proxy,
    ...(flag('ignore_system_proxy') === true ? { ignoreSystemProxy: true } : {}),
  };
}

function tlsOf(
  verify: boolean | undefined,
  verifyHostname: boolean | undefined,
  caFile: string | undefined,
  o: LoadOptions,
): TlsConfig {
  return {
    verify: verify ?? true,
    verifyHostname: verifyHostname ?? true,
    ...(isSet(caFile) ? { caFile: absolute(caFile.trim(), o) } : {}),
  };
}

function absolute(file: string, o: LoadOptions): string {
  if (file.startsWith('~/')) return join(o.home ?? homedir(), file.slice(2));
  return isAbsolute(file) ? file : resolve(o.cwd ?? process.cwd(), file);
}

function unknownProfile(
  name: string,
  read: Profiles,
  { files, env, isNamed }: { files: readonly string[]; env: NodeJS.ProcessEnv; isNamed: boolean },
): never {
  const half = isSet(env['CBAPI_URL']) !== isSet(env['CBAPI_TOKEN']);
  const hint = half
    ? ` (of CBAPI_URL and CBAPI_TOKEN only ${isSet(env['CBAPI_URL']) ? 'the first' : 'the second'} is set)`
    : '';
  if (read.files.length === 0) {
    throw new CbConfigError(
      `No credentials for Carbon Black Response${hint}. Expected CBAPI_URL and CBAPI_TOKEN in the environment, ` +
        `or the profile [${name}] in one of ${files.join(', ')}; set one of them.`,
      !half && !isNamed,
    );
  }
  const known = [...read.profiles.keys()].map((found) => `[${found}]`).join(', ') || 'none';
  throw new CbConfigError(
    `There is no profile [${name}] in ${read.files.join(', ')}${hint}. Known profiles: ${known}; name one of them, or add it.`,
  );
}

/** A configuration is an object people log: it keeps its token and proxy out of that. */
function guarded(config: LoadedConfig): LoadedConfig {
  const shown = (): object => {
    const { token: _token, proxy, ...rest } = config;
    return { ...rest, token: '[secret]', proxy: proxy == null ? null : '[set]' };
  };
  Object.defineProperty(config, inspect.custom, { value: shown });
  Object.defineProperty(config, 'toJSON', { value: shown });
  return config;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
