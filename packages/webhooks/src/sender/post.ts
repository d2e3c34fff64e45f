import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { SecureContextOptions } from 'node:tls';

/** For endpoints with certificates of a private authority, or that ask for one of the client. */
export type WebhookTls = Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>;

export interface Answer {
  readonly status: number;
  /** The header as it came. */
  readonly retryAfter: string | undefined;
}

/** Sends bodies to one endpoint, over connections that are kept. */
export interface Poster {
  post(body: Uint8Array, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer>;
  close(): void;
}

export interface PosterOptions {
  readonly lookup: LookupFunction;
  /** Milliseconds for one exchange, from the look-up of the name on. */
  readonly timeoutMs: number;
  readonly tls?: WebhookTls | undefined;
}

/** Only the status counts: of an answer's body, so much is read as keeps the connection usable. */
const longestAnswer = 65_536;

/** Follows no redirect: `node:http` does not, and a redirect would lead past the check of the address. */
export function createPoster(url: URL, { lookup, timeoutMs, tls = {} }: PosterOptions): Poster {
  const isSecure = url.protocol === 'https:';
  const agent = isSecure ? new SecureAgent({ keepAlive: true, ...tls }) : new PlainAgent({ keepAlive: true });
  const startRequest = isSecure ? secureRequest : plainRequest;
  return { post, close: () => agent.destroy() };

  function post(body: Uint8Array, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = startRequest(url, { method: 'POST', agent, lookup, headers, signal });
      const late = Object.assign(new Error(`No answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
      const timer = setTimeout(() => request.destroy(late), timeoutMs);
      request.on('error', reject);
      request.on('close', () => clearTimeout(timer));
      request.on('response', (response) => {
        let left = longestAnswer;
        response.on('data', (chunk: Uint8Array) => {
          left -= chunk.byteLength;
          if (left < 0) request.destroy();
        });
        response.on('error', () => undefined); // The status is here: how the body ends changes nothing.
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
      });
      request.end(body);
    });
  }
}
