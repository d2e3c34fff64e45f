import type { IncomingMessage } from 'node:http';
import { WebhookError } from '../errors.ts';
import { tooLarge } from '../read-body.ts';

/** The bytes of a Node request as they came, also where a parser kept them as they are: `express.raw()`. */
export function readNodeBody(request: IncomingMessage & { body?: unknown }, limit: number): Promise<Uint8Array> {
  if (request.body instanceof Uint8Array) return Promise.resolve(request.body);
  if (request.readableDidRead || request.readableEncoding !== null) return Promise.reject(alreadyParsed());
  if (request.destroyed) return Promise.reject(incomplete());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (finish: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      finish();
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limit) settle(() => reject(tooLarge(limit)));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks)));
    const onClose = (): void => settle(() => reject(incomplete()));
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

function incomplete(): WebhookError {
  return new WebhookError('body_incomplete', 'The sender went away before the end of the body');
}

function alreadyParsed(): WebhookError {
  return new WebhookError(
    'body_not_raw',
    'The body was parsed already, by express.json() or its like, and its signed bytes are lost: ' +
      "mount the webhook handler before the parser, or put express.raw({ type: '*/*' }) before it on this route",
  );
}
