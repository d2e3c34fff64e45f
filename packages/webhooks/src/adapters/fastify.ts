import type { IncomingMessage } from 'node:http';
import type { Receiver } from '../receiver.ts';
import { readNodeBody } from './node-body.ts';

/** What is asked of a Fastify instance. */
interface FastifyLike {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    contentType: string,
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown;
  post(path: string, handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>): unknown;
}

interface FastifyRequestLike {
  readonly raw: IncomingMessage;
}

interface FastifyReplyLike {
  code(status: number): FastifyReplyLike;
  headers(values: Readonly<Record<string, string>>): FastifyReplyLike;
  send(body: string): FastifyReplyLike;
}

/** A plugin for `app.register(…)` of Fastify 5 with one route. The parsers of the rest of the app do not touch it, nor it them. */
export function fastifyReceiver(receiver: Receiver, path: string): (instance: FastifyLike) => Promise<void> {
  return async (instance) => {
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', (_request, _payload, done) => done(null));
    instance.post(path, async ({ raw }, reply) => {
      const read = (limit: number): Promise<Uint8Array> => readNodeBody(raw, limit);
      const { status, headers, body } = await receiver.receive(raw.headers, read);
      return reply.code(status).headers(headers).send(body);
    });
  };
}
