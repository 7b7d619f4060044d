import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { call, isDeadline, isUnanswered } from '../../client/session.js';

it('A call that the server resets when its deadline is there counts as one that was not answered.', async () => {
  const server = createServer();
  server.on('stream', (stream) => stream.close(constants.NGHTTP2_CANCEL));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = Connection.lazy({ address });
  const session = { client: new Client({ connection }), namespace: 'default', address, webBase: null };
  try {
    const error: unknown = await call(session, () =>
      session.client.workflow.getHandle('contain/h').describe(),
    ).then(
      () => null,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Error);
    assert.ok(isDeadline(error) && isUnanswered(error), error.message);
  } finally {
    await connection.close();
    server.close();
  }
});
