import type { Draw } from './draw.js';

/** What reads a variable, and must end because of it: the worker, all that speak to Temporal, or of those the client's verbs alone. */
type Reader = 'worker' | 'client' | 'verbs';

interface BadVariable {
  reads: Reader;
  env: (d: Draw, secret: string) => NodeJS.ProcessEnv;
  /** More flags that it takes. */
  args?: string[];
}

/** Nothing there is secure, but an address of https makes the worker look at certificates. */
const HTTPS = 'https://127.0.0.1:1';

/** Values of the environment that are wrong for certain; everything else in it is right. */
export const BAD_VARIABLES: Record<string, BadVariable> = {
  CBAPI_URL: {
    reads: 'worker',
    env: (d, secret) => ({
      CBAPI_URL: d.pick([
        'cb.example',
        'ftp://127.0.0.1',
        'http://cb.example',
        `https://x:${secret}@127.0.0.1`,
        'https://127.0.0.1/api/v1/sensor',
        `https://127.0.0.1/?auth=${secret}`,
        'https://127.0.0.1:99999',
        secret,
        'https://exa mple',
        '\u0001',
      ]),
    }),
  },
  CBAPI_TOKEN: {
    reads: 'worker',
    env: (d, secret) => ({
      CBAPI_TOKEN: d.pick([`${secret} x`, `${secret}\n${secret}`, `${secret}é`, `"${secret}\u0007"`]),
    }),
  },
  CBAPI_SSL_VERIFY: {
    reads: 'worker',
    env: (d) => ({ CBAPI_SSL_VERIFY: d.pick(['maybe', '2', 'nope', 'y', '-1']) }),
  },
  CBAPI_SSL_VERIFY_HOSTNAME: {
    reads: 'worker',
    env: (d) => ({ CBAPI_SSL_VERIFY_HOSTNAME: d.pick(['maybe', 'x'.repeat(9_000), '\u001b[2J']) }),
  },
  CBAPI_SSL_CERT_FILE: {
    reads: 'worker',
    env: (d) => ({
      CBAPI_URL: HTTPS,
      CBAPI_SSL_CERT_FILE: d.pick(['/nowhere/cb.pem', '/', '/dev/zero', '/dev/null', '/etc/passwd']),
    }),
  },
  CB_SERVER_NAME: {
    reads: 'worker',
    env: (d) => ({ CB_SERVER_NAME: d.pick(['cb\n1', 'cb\u0007', 'x'.repeat(2_000)]) }),
  },
  CB_USE_SYSTEM_PROXY: {
    reads: 'worker',
    env: (d) => ({ CB_USE_SYSTEM_PROXY: d.pick(['perhaps', '5', 'ＯＮ']) }),
  },
  HTTP_PROXY: {
    reads: 'worker',
    env: (d, secret) => ({
      CB_USE_SYSTEM_PROXY: '1',
      HTTP_PROXY: d.pick([`socks5://u:${secret}@p`, 'http://', 'ftp://p', 'http://a b']),
    }),
  },
  CB_PLAYBOOK_LOG_LEVEL: {
    reads: 'worker',
    env: (d) => ({ CB_PLAYBOOK_LOG_LEVEL: d.pick(['loud', '7', 'silent', 'x'.repeat(9_000), 'info;debug']) }),
  },
  CB_PLAYBOOK_NOTIFY_URL: {
    reads: 'worker',
    env: (d, secret) => ({
      CB_PLAYBOOK_NOTIFY_URL: d.pick([
        `chat.example/${secret}`,
        `ftp://chat/${secret}`,
        'https://',
        `mailto:${secret}@x`,
      ]),
    }),
  },
  CB_PLAYBOOK_NOTIFY_CONTAINED: {
    reads: 'worker',
    env: (d) => ({ CB_PLAYBOOK_NOTIFY_CONTAINED: d.pick(['maybe', '2', 'ja']) }),
  },
  CB_PLAYBOOK_METRICS_HOST: {
    reads: 'worker',
    env: (d) => ({
      CB_PLAYBOOK_METRICS_HOST: d.pick(['no such host', '999.1.1.1', 'http://127.0.0.1', '::g']),
    }),
    args: ['--metrics-port', '29999'],
  },
  CB_PLAYBOOK_EVIDENCE_DIR: {
    reads: 'worker',
    env: (d) => ({
      CB_PLAYBOOK_EVIDENCE_DIR: d.pick(['/dev/null/evidence', '/proc/evidence', '/etc/hostname']),
    }),
  },
  CB_PLAYBOOK_POLICY: {
    reads: 'worker',
    env: (d) => ({
      CB_PLAYBOOK_POLICY: d.pick(['/nowhere/policy.yaml', '/', '/dev/zero', '/dev/null', '/etc/passwd']),
    }),
  },
  TEMPORAL_ADDRESS: {
    reads: 'client',
    env: (d, secret) => ({
      TEMPORAL_ADDRESS: d.pick([
        'not an address',
        '127.0.0.1:99999',
        '127.0.0.1:abc',
        'http://127.0.0.1:7233',
        `u:${secret}@127.0.0.1:7233`,
        '[::1',
        ':7233',
        '127.0.0.1:',
        ' ',
        'x'.repeat(400),
        '127.0.0.1:-1',
      ]),
    }),
  },
  TEMPORAL_NAMESPACE: {
    reads: 'client',
    env: (d) => ({ TEMPORAL_NAMESPACE: d.pick(['a\nb', 'naïve', '\u0007']) }),
  },
  TEMPORAL_TLS: {
    reads: 'client',
    env: (d) => ({ TEMPORAL_TLS: d.pick(['maybe', 'TRUE', 'yes', 'on', '2']) }),
  },
  TEMPORAL_API_KEY: {
    reads: 'client',
    env: (d, secret) => ({
      TEMPORAL_TLS: 'false',
      TEMPORAL_API_KEY: d.pick([`${secret}\n`, `${secret}é`, `${secret}\u0001x`]),
    }),
  },
  TEMPORAL_GRPC_META: {
    reads: 'client',
    env: (d, secret) =>
      d.pick<NodeJS.ProcessEnv>([
        { TEMPORAL_GRPC_META_AUTHORIZATION: `Bearer ${secret}é` },
        { TEMPORAL_GRPC_META_AUTHORIZATION: `Bearer ${secret}\n` },
        { 'TEMPORAL_GRPC_META_NOT A NAME': secret },
      ]),
  },
  TEMPORAL_TLS_CLIENT: {
    reads: 'client',
    env: (d, secret) => ({
      TEMPORAL_TLS: 'true',
      ...d.pick<NodeJS.ProcessEnv>([
        { TEMPORAL_TLS_CLIENT_KEY_DATA: secret, TEMPORAL_TLS_CLIENT_CERT_DATA: 'no certificate' },
        {
          TEMPORAL_TLS_CLIENT_KEY_PATH: '/nowhere/key.pem',
          TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere/cert.pem',
        },
        { TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' },
      ]),
    }),
  },
  TEMPORAL_PROFILE: { reads: 'client', env: (d) => ({ TEMPORAL_PROFILE: d.text(9) }) },
  TEMPORAL_CONFIG_FILE: {
    reads: 'client',
    env: (d) => ({ TEMPORAL_CONFIG_FILE: d.pick(['/', '/etc/passwd']) }),
  },
  CB_PLAYBOOK_WEB_URL: {
    reads: 'verbs',
    env: (d, secret) => ({
      CB_PLAYBOOK_WEB_URL: d.pick([
        'web.example',
        secret,
        `ftp://web.example/${secret}`,
        'javascript:alert(1)',
        'http://',
        'http://a b',
        ' ',
        'https://web.example:99999',
      ]),
    }),
  },
};
