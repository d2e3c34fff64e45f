import { AuthError, HttpError, McpError, ProtocolError, RateLimitError, SessionLostError } from '../errors.ts';
import { isTooDeep } from '../protocol/depth.ts';
import { excerpt } from '../protocol/excerpt.ts';
import { isObject, readRpcError } from '../protocol/jsonrpc.ts';
import { rateLimitResetMs, retryAfterMs } from '../protocol/retry-after.ts';
import { readStart, type HttpResponse } from './http-exchange.ts';
import { isSessionLoss } from './session-loss.ts';

/** Statuses that may pass by themselves. */
const passing: readonly number[] = [408, 425, 500, 502, 503, 504];

const maxErrorBody = 64 * 1024;

/** What is known of the request that failed. */
export interface FailedRequest {
  /** The server, as a message names it. */
  from: string;
  hadSession: boolean;
  /** The name of the header that carried a credential. */
  credential: string | undefined;
}

/** An answer that is not a success. */
export interface FailedAnswer {
  status: number;
  body: string;
  header: (name: string) => string | undefined;
}

/** Reads what an answer that is not a success says, and makes the typed error of it. */
export async function failureOf(response: HttpResponse, request: FailedRequest): Promise<McpError> {
  const body = await readStart(response, maxErrorBody);
  return failureFrom({ status: response.status, body, header: (name) => response.header(name) }, request);
}

/** The typed error for an answer that is not a success. */
export function failureFrom(answer: FailedAnswer, request: FailedRequest): McpError {
  const { status, body } = answer;
  const { from } = request;
  if (request.hadSession && isSessionLoss(status, body)) {
    return new SessionLostError(`${from} no longer knows this session (HTTP ${status})`);
  }
  if (status === 401 || status === 403) return authFailure(answer, request);
  if (status === 429) {
    const text = `${from} refuses more requests for now (HTTP 429)`;
    return new RateLimitError(text, { body: excerpt(body), retryAfterMs: rateLimitResetMs(answer) });
  }
  const wait = retryAfterMs(answer.header('retry-after'));
  const retryable = passing.includes(status);
  // A server that says when to come back, or that it waited in vain, has not executed anything.
  const isRefusal = status === 408 || status === 425 || (status === 503 && wait !== undefined);
  const delivered = isRefusal ? 'no' : 'unknown';
  const rpc = rpcErrorIn(body);
  if (rpc !== undefined) {
    const text = `${excerpt(rpc.message)} (${rpc.code}, HTTP ${status})`;
    return new ProtocolError(
      text,
      { rpcCode: rpc.code, data: rpc.data, rpcMessage: rpc.message },
      retryable ? { retryable, delivered } : {},
    );
  }
  const text = `${from} answered HTTP ${status}${hintOf(answer)}`;
  return new HttpError(text, { status, body: excerpt(body), retryAfterMs: wait }, { retryable, delivered });
}

function hintOf({ body, header }: FailedAnswer): string {
  const location = header('location');
  if (location !== undefined)
    return `: it redirects to ${excerpt(location, 300)}, which is not followed to another origin`;
  return body === '' ? '' : `: ${excerpt(body, 300)}`;
}

function authFailure({ status, body, header }: FailedAnswer, { from, credential }: FailedRequest): AuthError {
  const what =
    credential === undefined
      ? 'wants a credential and none was sent; give apiKey, bearer, headers or oauth'
      : `refuses the credential in the header ${credential}`;
  const said = body === '' ? '' : `: ${excerpt(body, 300)}`;
  const challenge = header('www-authenticate');
  return new AuthError(`${from} ${what} (HTTP ${status}${said})`, { status, challenge, header: credential });
}

function rpcErrorIn(body: string): ReturnType<typeof readRpcError> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) && isObject(parsed['error']) && 'code' in parsed['error'] && !isTooDeep(parsed)
      ? readRpcError(parsed['error'])
      : undefined;
  } catch {
    return undefined;
  }
}
