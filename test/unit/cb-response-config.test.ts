import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { defaultCredentialFiles } from '../../cb-response/credentials-file.js';
import { CbConfigError, loadCbResponseConfig } from '../../cb-response/index.js';

const TOKEN = 'a'.repeat(40);
const ENV = { CBAPI_URL: 'https://env.example/', CBAPI_TOKEN: TOKEN };

/** A home and a working folder with the given texts as their credentials files. */
function folders(t: TestContext, texts: { home?: string; cwd?: string }) {
  const root = mkdtempSync(join(tmpdir(), 'cb-config-'));
  t.after(() => rmSync(root, { recursive: true }));
  const options = { home: join(root, 'home'), cwd: join(root, 'cwd'), env: {} as NodeJS.ProcessEnv };
  for (const where of ['home', 'cwd'] as const) {
    const file = join(options[where], '.carbonblack', 'credentials.response');
    mkdirSync(dirname(file), { recursive: true });
    if (texts[where] !== undefined) writeFileSync(file, texts[where]);
  }
  return options;
}

function complains(load: () => unknown, ...patterns: RegExp[]): void {
  assert.throws(load, (e) => {
    assert.ok(e instanceof CbConfigError, String(e));
    for (const pattern of patterns) assert.match(e.message, pattern);
    assert.doesNotMatch(e.message, new RegExp(TOKEN));
    return true;
  });
}

test('Both variables of the environment win over a profile, which is then named as ignored', (t) => {
  const options = folders(t, { home: `[lab]\nurl=https://lab.example\ntoken=${TOKEN}` });
  const env = {
    ...ENV,
    CBAPI_SSL_VERIFY: 'No',
    CBAPI_SSL_VERIFY_HOSTNAME: 'off',
    CBAPI_SSL_CERT_FILE: '~/ca.pem',
    CB_SERVER_NAME: 'prod',
    CB_USE_SYSTEM_PROXY: '1',
  };
  const config = loadCbResponseConfig({ ...options, env, profile: 'lab' });
  assert.deepEqual(
    { ...config },
    {
      url: 'https://env.example',
      token: TOKEN,
      tls: { verify: false, verifyHostname: false, caFile: join(options.home, 'ca.pem') },
      proxy: null,
      serverName: 'prod',
      useSystemProxy: true,
      source: 'environment',
      profile: null,
      ignoredProfile: 'lab',
      files: [],
    },
  );
});

test('One variable alone does not count: the file is read, and an error names what is missing', (t) => {
  const options = folders(t, { home: `[default]\nurl=https://file.example\ntoken=${TOKEN}` });
  const config = loadCbResponseConfig({ ...options, env: { CBAPI_URL: 'https://env.example' } });
  assert.equal(config.url, 'https://file.example');
  const empty = folders(t, {});
  complains(
    () => loadCbResponseConfig({ ...empty, env: { CBAPI_URL: 'https://env.example' } }),
    /No credentials/,
    /only the first is set/,
    /credentials\.response/,
  );
});

test('A later file wins key by key', (t) => {
  const options = folders(t, {
    home: `[default]\nurl=https://home.example\ntoken=${TOKEN}\nssl_verify=false\n`,
    cwd: '[default]\nURL: https://cwd.example:8443\n',
  });
  const config = loadCbResponseConfig(options);
  assert.equal(config.url, 'https://cwd.example:8443');
  assert.equal(config.token, TOKEN);
  assert.equal(config.tls?.verify, false);
  assert.equal(config.files.length, 2);
});

test('The default files are that of /etc, of the home and of the working folder, and the last one wins', (t) => {
  assert.deepEqual(defaultCredentialFiles('/home/ann', '/srv/soc'), [
    '/etc/carbonblack/credentials.response',
    '/home/ann/.carbonblack/credentials.response',
    '/srv/soc/.carbonblack/credentials.response',
  ]);
  const both = `url=https://x.example\ntoken=${TOKEN}\n`;
  const options = folders(t, {
    home: `[default]\n${both}proxy=http://home.example\n[lab]\n${both}`,
    cwd: '[default]\nproxy=http://cwd.example\n',
  });
  const config = loadCbResponseConfig(options);
  assert.equal(config.proxy, 'http://cwd.example');
  const ours = defaultCredentialFiles(options.home, options.cwd).slice(1);
  assert.deepEqual(config.files, ours);
  // A profile that only one of them has is found there.
  assert.equal(loadCbResponseConfig({ ...options, profile: 'lab' }).proxy, null);
});

test("A profile's ignore_system_proxy goes before CB_USE_SYSTEM_PROXY", (t) => {
  const useOf = (line: string, system?: string): boolean | undefined => {
    const options = folders(t, { home: `[default]\nurl=https://x.example\ntoken=${TOKEN}\n${line}\n` });
    const env = system === undefined ? {} : { CB_USE_SYSTEM_PROXY: system };
    const config = loadCbResponseConfig({ ...options, env });
    assert.equal('ignoreSystemProxy' in config, false);
    return config.useSystemProxy;
  };
  for (const yes of ['1', 'Yes', 'true', 'ON'])
    assert.equal(useOf(`ignore_system_proxy=${yes}`, '1'), false, yes);
  for (const no of ['0', 'No', 'false', 'OFF', ''])
    assert.equal(useOf(`ignore_system_proxy=${no}`, '1'), true, no);
  assert.equal(useOf('', 'on'), true);
  for (const line of ['', 'ignore_system_proxy=false'])
    for (const system of [undefined, '0']) assert.equal(useOf(line, system), false, `${line} ${system}`);
});

test("The file is read as Python's ConfigParser reads it", (t) => {
  const options = folders(t, {
    home: [
      '; comment',
      '[prod.eu]',
      'url = https://eu.example',
      `token = ${TOKEN}`,
      'proxy = http://user:p;w%23=d@proxy.example:3128',
      'ssl_cert_file = ca/eu.pem',
      'rabbitmq_user = cb',
    ].join('\r\n'),
  });
  const config = loadCbResponseConfig({ ...options, profile: 'prod.eu' });
  assert.equal(config.proxy, 'http://user:p;w%23=d@proxy.example:3128');
  assert.equal(config.tls?.caFile, join(options.cwd, 'ca/eu.pem'));
  assert.equal(JSON.stringify(config).includes('p;w'), false);
});

test('Files given by name replace the default ones and the environment, and must be readable', (t) => {
  const options = folders(t, { home: `[default]\nurl=https://file.example\ntoken=${TOKEN}` });
  const file = join(options.home, '.carbonblack', 'credentials.response');
  const config = loadCbResponseConfig({ ...options, env: ENV, credentialFiles: [file] });
  assert.equal(config.url, 'https://file.example');
  complains(() => loadCbResponseConfig({ credentialFiles: [`${file}.none`] }), /cannot be read \(ENOENT\)/);
  complains(() => loadCbResponseConfig({ credentialFiles: [options.home] }), /cannot be read \(EISDIR\)/);
});

test('An unknown profile lists the known ones', (t) => {
  const options = folders(t, { home: '[lab]\nurl=x\n[prod.eu]\nurl=y\n' });
  complains(() => loadCbResponseConfig({ ...options, profile: 'prd' }), /\[prd\]/, /\[lab\], \[prod\.eu\]/);
});

test('An incomplete profile names what it lacks', (t) => {
  const options = folders(t, { home: '[default]\nurl=https://x.example\n' });
  complains(() => loadCbResponseConfig(options), /has no token/);
});

const bad: [string, Record<string, string>, RegExp][] = [
  ['plain http to another host', { CBAPI_URL: 'http://cb.example' }, /loopback/],
  ['no URL', { CBAPI_URL: 'cb.example' }, /CBAPI_URL is not a URL/],
  ['a URL with a password', { CBAPI_URL: 'https://u:hunter2@cb.example' }, /^(?!.*hunter2).*password/],
  ['a URL with an API path', { CBAPI_URL: 'https://cb.example/api/v1' }, /leave out what follows/],
  ['another scheme', { CBAPI_URL: 'ftp://cb.example' }, /begins with ftp:/],
  ['a token with a line break', { CBAPI_TOKEN: `${TOKEN}\nX-Evil: 1` }, /CBAPI_TOKEN has blanks/],
  ['a word that is no boolean', { CBAPI_SSL_VERIFY: 'maybe' }, /CBAPI_SSL_VERIFY is 'maybe'.*true or false/],
];
for (const [name, env, pattern] of bad) {
  test(`A clear error for ${name}`, () =>
    complains(() => loadCbResponseConfig({ env: { ...ENV, ...env } }), pattern));
}

test('Plain http to loopback is allowed', () => {
  for (const host of ['localhost:8080', '127.0.0.1:1', '[::1]:1']) {
    assert.equal(
      loadCbResponseConfig({ env: { ...ENV, CBAPI_URL: `http://${host}` } }).url,
      `http://${host}`,
    );
  }
});
