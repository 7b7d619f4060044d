import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createScrub,
  isPlaceholderGuid,
  normalGuid,
  parseProcessGuid,
  parseServerTime,
} from '../../cb-response/index.js';
import { serverText } from '../../cb-response/body-text.js';
import { readMd5 } from '../../cb-response/md5.js';
import { firstRealAddress } from '../../cb-response/network-adapters.js';
import { parseRetryAfter } from '../../cb-response/retry-after.js';
import { quoted } from '../../cb-response/search-query.js';
import { systemProxyFor } from '../../cb-response/system-proxy.js';

test('Times of the server are read to the millisecond, whatever their offset and fraction', () => {
  const times: [string, string][] = [
    ['2018-02-06 12:45:03.881351-06:00', '2018-02-06T18:45:03.881Z'],
    ['2018-02-06 12:45:03+05:30', '2018-02-06T07:15:03.000Z'],
    ['2018-02-06 12:45:03+0200', '2018-02-06T10:45:03.000Z'],
    ['2018-02-06T12:25:37.19Z', '2018-02-06T12:25:37.190Z'],
    [' 2018-02-06 12:44:47.197794\n', '2018-02-06T12:44:47.197Z'],
    ['1990-01-01 00:00:00-06:00', '1990-01-01T06:00:00.000Z'],
  ];
  for (const [text, expected] of times) assert.equal(parseServerTime(text), Date.parse(expected), text);
  for (const text of ['', 'never', '2018-13-40 25:00:00Z', '2018-02-06', null, undefined]) {
    assert.equal(parseServerTime(text), null, String(text));
  }
});

test('The address is that of the first adapter that is not loopback', () => {
  assert.equal(firstRealAddress('192.168.1.163,00155d019c08|'), '192.168.1.163');
  assert.equal(firstRealAddress('127.0.0.1,000000000000|10.0.0.7,00155d019c08|10.0.0.8,0|'), '10.0.0.7');
  for (const none of ['', '|', '127.0.0.1,000000000000|', null]) assert.equal(firstRealAddress(none), null);
});

test('A process GUID tells sensor, pid and creation time', () => {
  const parts = { sensorId: 1, pid: 4, createTime: 1515775878 };
  assert.deepEqual(parseProcessGuid('00000001-0000-0004-01d3-8bc591076338'), parts);
  assert.deepEqual(parseProcessGuid('00000001-0000-0004-01D3-8BC591076338-0161abcdef01'), parts);
  assert.equal(parseProcessGuid('00000001-0000-0004'), null);
  assert.equal(
    normalGuid(' 00000001-0000-0004-01D3-8BC591076338-00000001'),
    '00000001-0000-0004-01d3-8bc591076338',
  );
  assert.ok(isPlaceholderGuid('00000001-ffff-ffff-0000-000000000000'));
  assert.ok(!isPlaceholderGuid('00000001-0000-ffff-01d3-8bc591076338'));
});

test('An MD5 is upper case or none', () => {
  assert.equal(readMd5('0c1a1f0d57e42b5a4e86b1b5b2d1c3aa'), '0C1A1F0D57E42B5A4E86B1B5B2D1C3AA');
  for (const none of ['0'.repeat(32), '0'.repeat(30), 'zz', '', null]) assert.equal(readMd5(none), null);
});

const words = (body: string): string | null => serverText(body, createScrub(['se"cr\\et']));

test("The server's words come out of text, JSON and HTML, in one printable line", () => {
  assert.equal(words('Session 5 not found'), 'Session 5 not found');
  assert.equal(words('{"status":"NOT_FOUND","reason":"no such session"}'), 'no such session: NOT_FOUND');
  assert.equal(words('<html><head><title>502 Bad Gateway</title></head></html>'), '502 Bad Gateway');
  assert.equal(words('<HTML><body><h1>Not Found</h1></body>'), 'Not Found');
  assert.equal(words('a\u001b[31m\r\nb'), 'a [31m b');
  assert.equal(words(' \n '), null);
});

test('A secret that an error repeats with escapes is in none of its words', () => {
  assert.equal(words('{"errorMessage":"no user has se\\"cr\\\\et"}'), 'no user has [secret]');
  assert.equal(words('{"errorMessage":"no user has \\u0073e\\"cr\\\\et"}'), 'no user has [secret]');
  assert.equal(words('<html><title>no user has se&quot;cr\\et</title>'), 'no user has [secret]');
});

test('Retry-After is seconds or a date by the same clock', () => {
  const now = Date.parse('2018-02-06T12:00:00Z');
  assert.equal(parseRetryAfter(' 120 ', now), 120_000);
  assert.equal(parseRetryAfter('Tue, 06 Feb 2018 12:00:30 GMT', now), 30_000);
  assert.equal(parseRetryAfter('Tue, 06 Feb 2018 11:00:00 GMT', now), 0);
  for (const none of [undefined, '', 'soon', '-5', '1.5']) assert.equal(parseRetryAfter(none, now), null);
  assert.equal(parseRetryAfter('Tue, 06 Feb 2018 12:00:30 GMT', Number.NaN), null);
});

test('A search value is quoted, quotes and backslashes escaped', () => {
  assert.equal(quoted('vnc.exe'), '"vnc.exe"');
  assert.equal(quoted('a "b" (c) OR *:* \\'), '"a \\"b\\" (c) OR *:* \\\\"');
});

test("The environment's proxy follows scheme, NO_PROXY suffixes and ports", () => {
  const env = { HTTPS_PROXY: 'http://p:1', no_proxy: '.internal.example, plain.example:8443' };
  assert.equal(systemProxyFor('https://cb.example', env), 'http://p:1');
  assert.equal(systemProxyFor('https://cb.internal.example', env), null);
  assert.equal(systemProxyFor('https://plain.example:8443', env), null);
  assert.equal(systemProxyFor('https://plain.example', env), 'http://p:1');
  assert.equal(systemProxyFor('https://cb.example', { https_proxy: 'http://p:1', NO_PROXY: '*' }), null);
  assert.equal(systemProxyFor('https://cb.example', { ALL_PROXY: 'http://all:1' }), 'http://all:1');
  assert.equal(systemProxyFor('https://cb.example', {}), null);
});
