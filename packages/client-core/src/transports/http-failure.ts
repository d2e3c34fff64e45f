import { AuthError, HttpError, McpError, ProtocolError, RateLimitError, SessionLostError } from '../errors.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { isObject, readRpcError } from '../protocol/jsonrpc.ts';
import { retryAfterMs } from '../protocol/retry-after.ts';
import { readStart, type HttpResponse } from './http-exchange.ts';
import { isSessionLoss } from './session-loss.ts';

const maxErrorBody = 64 * 1024;

/** What is known of the request that failed. */
export interface FailedRequest {
  url: URL;
  hadSession: boolean;
  /** The name of the header that carried a credential. */
  credential: string | undefined;
}

/** The typed error for an answer that is not a success. */
export async function failureOf(response: HttpResponse, request: FailedRequest): Promise<McpError> {
  const { status } = response;
  const body = await readStart(response, maxErrorBody).catch(() => ''); // The status alone says enough.
  const from = request.url.origin + request.url.pathname;
  if (request.hadSession && isSessionLoss(status, body)) {
    return new SessionLostError(`${from} no longer knows this session (HTTP ${status})`);
  }
  if (status === 401 || status === 403) return authFailure(response, from, body, request.credential);
  const wait = retryAfterMs(response.header('retry-after'));
  if (status === 429)
    return new RateLimitError(`${from} refuses more requests for now (HTTP 429)`, {
      body: excerpt(body),
      retryAfterMs: wait,
    });
  const rpc = rpcErrorIn(body);
  if (rpc !== undefined) {
    const { code, message, data } = rpc;
    return new ProtocolError(`${excerpt(message)} (${code}, HTTP ${status})`, { rpcCode: code, data });
  }
  const location = response.header('location');
  const hint =
    location === undefined
      ? excerpt(body, 300)
      : `it redirects to ${excerpt(location, 300)}, which is not followed to another origin`;
  return new HttpError(
    `${from} answered HTTP ${status}${hint === '' ? '' : `: ${hint}`}`,
    { status, body: excerpt(body), retryAfterMs: wait },
    { retryable: status >= 500 || status === 408 || status === 425 },
  );
}

function authFailure(response: HttpResponse, from: string, body: string, header: string | undefined): AuthError {
  const { status } = response;
  const what =
    header === undefined
      ? 'wants a credential and none was sent; give an API key or headers'
      : `refuses the credential in the header ${header}`;
  const said = excerpt(body, 300);
  return new AuthError(`${from} ${what} (HTTP ${status}${said === '' ? '' : `: ${said}`})`, {
    status,
    challenge: response.header('www-authenticate'),
    header,
  });
}

function rpcErrorIn(body: string): ReturnType<typeof readRpcError> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) && isObject(parsed['error']) && 'code' in parsed['error']
      ? readRpcError(parsed['error'])
      : undefined;
  } catch {
    return undefined;
  }
}
