import type { IncomingHttpHeaders } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs/minimal.js';

/** One byte says whether it is compressed, four how long it is. */
const PREFIX = 5;

/** The one message in the body of a unary gRPC call, unpacked; empty where there is none. */
export function messageOf(body: Buffer, headers: IncomingHttpHeaders): Buffer {
  if (body.length <= PREFIX) return Buffer.alloc(0);
  const message = body.subarray(PREFIX, PREFIX + body.readUInt32BE(1));
  if (body[0] === 0) return message;
  const encoding = headers['grpc-encoding'];
  if (encoding !== 'gzip') throw new Error(`A message is compressed by ${String(encoding)}, not gzip.`);
  return gunzipSync(message);
}

/**
 * Whose task a message is about, by the token it begins with (Temporal server, `temporal.server.api.token.v1.Task`: workflow
 * id is field 2, activity type field 8); `null` where it begins with none.
 */
export function taskOf(message: Buffer): { workflowId: string; activityType: string | null } | null {
  const token = fieldOf(message, 1);
  if (token === null) return null;
  const workflowId = fieldOf(token, 2)?.toString('utf8') ?? '';
  if (!ID.test(workflowId)) return null;
  return { workflowId, activityType: fieldOf(token, 8)?.toString('utf8') ?? null };
}

const ID = /^(contain\/|isolation\/)[a-z0-9-]+$/;

/** The first workflow id of ours anywhere in it: of a call that starts or tells a workflow that is whom it is for. */
export function firstId(message: Buffer): string | null {
  return /contain\/kp-\d{4}|isolation\/\d{4}/.exec(message.toString('latin1'))?.[0] ?? null;
}

/** The bytes of a field by its number; `null` where it is absent or the message is none. */
function fieldOf(message: Buffer, field: number): Buffer | null {
  const reader = protobuf.Reader.create(message);
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag >>> 3 === field && (tag & 7) === LENGTH_DELIMITED) return Buffer.from(reader.bytes());
      reader.skipType(tag & 7);
    }
  } catch {
    return null;
  }
  return null;
}

const LENGTH_DELIMITED = 2;
