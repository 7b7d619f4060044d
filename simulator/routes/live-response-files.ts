import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Session, SessionFile } from '../world/model.js';
import type { World } from '../world/world.js';
import { findSession, noSession } from './live-response-objects.js';
import { bodyOf, param, text } from './reply.js';

const base = '/api/v1/cblr/session/:id/file';

/** Files of a session on the server's store (API reference 4.6). */
export function fileRoutes(app: FastifyInstance, world: World): void {
  const withFile = (
    request: FastifyRequest,
    reply: FastifyReply,
    then: (file: SessionFile, session: Session) => FastifyReply,
  ): FastifyReply => {
    const session = findSession(world, request);
    if (!session) return noSession(world, request, reply);
    const file = session.files.get(Number(param(request, 'file')));
    return file ? then(file, session) : text(reply, 404, `File ${param(request, 'file')} not found`);
  };
  app.get(base, (request, reply) => {
    const session = findSession(world, request);
    if (!session) return noSession(world, request, reply);
    return reply.send([...session.files.values()].map(fileObject));
  });
  app.post(base, (request, reply) => {
    const session = findSession(world, request);
    if (!session) return noSession(world, request, reply);
    const part = firstPart(request);
    if (!part) return text(reply, 400, "Expected multipart/form-data with a part named 'file'");
    const id = session.nextFileId++;
    session.files.set(id, { id, name: part.filename, content: part.content, ready: true, status: 0 });
    return reply.send({ id });
  });
  app.get(`${base}/:file`, (request, reply) =>
    withFile(request, reply, (file) => reply.send(fileObject(file))),
  );
  app.get(`${base}/:file/content`, (request, reply) =>
    withFile(request, reply, (file) =>
      file.ready
        ? reply.type('application/octet-stream').send(file.content)
        : text(reply, 404, `File ${file.id} has no content`),
    ),
  );
  const remove = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    withFile(request, reply, (file, session) => {
      session.files.delete(file.id);
      return reply.send(fileObject({ ...file }));
    });
  app.delete(`${base}/:file`, remove);
  app.put(`${base}/:file`, (request, reply) =>
    bodyOf(request).delete === true
      ? remove(request, reply)
      : withFile(request, reply, (file) => reply.send(fileObject(file))),
  );
}

function fileObject(file: SessionFile): Record<string, unknown> {
  const { id, name, content, status } = file;
  return {
    id,
    file_name: name,
    size: content.length,
    size_uploaded: content.length,
    status,
    delete: false,
  };
}

/** The first part of a multipart body, which is all this API ever sends. */
function firstPart(request: FastifyRequest): { filename: string; content: Buffer } | undefined {
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1];
  if (!boundary || !Buffer.isBuffer(request.body)) return undefined;
  const { body } = request;
  const headEnd = body.indexOf('\r\n\r\n');
  const end = body.indexOf(`\r\n--${boundary}`, headEnd);
  if (headEnd < 0 || end < 0) return undefined;
  const head = body.subarray(0, headEnd).toString('utf8');
  if (!/name="file"/.test(head)) return undefined;
  const filename = /filename="([^"]*)"/.exec(head)?.[1] ?? '';
  return { filename, content: Buffer.from(body.subarray(headEnd + 4, end)) };
}
