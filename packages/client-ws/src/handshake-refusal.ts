import type { IncomingMessage } from 'node:http';
import { AuthError, credentialHeader, excerpt, HttpError, RateLimitError, type McpError } from '@toolwire/client-core';
import type { WireRequest } from './wire.ts';

/** Statuses that may pass by themselves. */
const passing: readonly number[] = [408, 425, 500, 502, 503, 504];

const maxBodyBytes = 64 * 1024;
const maxBodyWaitMs = 1000;

/** The typed error for a server that answers the handshake with HTTP: no message of ours was delivered. */
export async function refusalIn(response: IncomingMessage, { place, url, headers }: WireRequest): Promise<McpError> {
  const status = response.statusCode ?? 0;
  const body = await startOf(response);
  if (status === 401 || status === 403) {
    const header = credentialHeader(url, headers);
    const challenge = response.headers['www-authenticate'];
    const what =
      header === undefined
        ? 'wants a credential and none was sent; give headers'
        : `refuses the credential in the header ${header}`;
    return new AuthError(`${place} ${what} (HTTP ${status}${said(body)})`, { status, challenge, header });
  }
  const retryAfterMs = waitIn(response.headers['retry-after']);
  if (status === 429) {
    const text = `${place} refuses more connections for now (HTTP 429)`;
    return new RateLimitError(text, { body: excerpt(body), retryAfterMs });
  }
  const text = `${place} answered the WebSocket handshake with HTTP ${status}${said(body)}`;
  const retryable = passing.includes(status);
  return new HttpError(text, { status, body: excerpt(body), retryAfterMs }, { retryable, delivered: 'no' });
}

function said(body: string): string {
  return body === '' ? '' : `: ${excerpt(body, 300)}`;
}

/** `Retry-After` holds seconds or a date (RFC 9110 §10.2.3). */
function waitIn(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}

/** What the body begins with; a server that takes its time over it is not waited for. */
function startOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const settle = (): void => {
      clearTimeout(timer);
      resolve(bytes.toString());
    };
    const timer = setTimeout(settle, maxBodyWaitMs);
    response.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]).subarray(0, maxBodyBytes);
      if (bytes.length === maxBodyBytes) settle();
    });
    response.once('error', settle);
    response.once('close', settle);
  });
}
