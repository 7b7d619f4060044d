import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { createPlaybookClient, InvalidRequestError, TemporalUnreachableError } from '../../client/index.js';

const env = { TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' };

async function failureOf(address: string, connectTimeoutMs = 1_000): Promise<TemporalUnreachableError> {
  try {
    await createPlaybookClient({ address, connectTimeoutMs, env });
  } catch (error) {
    assert.ok(error instanceof TemporalUnreachableError, String(error));
    return error;
  }
  return assert.fail('It connected.');
}

describe('a client without Temporal', () => {
  it('says at once that nobody listens', async () => {
    const before = performance.now();
    const error = await failureOf('127.0.0.1:1');
    assert.match(error.message, /127\.0\.0\.1:1: nobody listens there/);
    assert.ok(error.next);
    assert.ok(performance.now() - before < 1_000);
  });

  it('tells a server that is no Temporal from one that is not there', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as { port: number };
      const error = await failureOf(`127.0.0.1:${port}`);
      assert.match(error.message, /cannot be reached/);
    } finally {
      server.close();
    }
  });
});

describe('an error of the client', () => {
  it('goes into JSON with code, message, what was expected, what to do, and its facts', () => {
    const mistakes = [{ field: 'hostname', problem: 'It is empty.', expected: 'A name.' }];
    assert.deepEqual(JSON.parse(JSON.stringify(new InvalidRequestError(mistakes))), {
      code: 'InvalidRequest',
      message: 'The request is wrong: hostname: It is empty. Expected: A name.',
      expected: 'A name.',
      next: 'Correct the request and send it again; nothing was changed on any host.',
      mistakes,
    });
  });
});
