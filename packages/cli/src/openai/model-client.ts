import type { ChatClient, ResponsesClient } from '@toolwire/openai-bridge';
import { ModelHttpError, modelHttpError } from './model-http-error.ts';
import { readEvents } from './read-events.ts';

/** Where a model is, and what it is asked with. */
export interface ModelAddress {
  readonly baseUrl: URL;
  readonly apiKey: string | undefined;
}

/** The part of an OpenAI client that the bridge needs: two requests. The package itself would be 35 MB more to install. */
export function openModel(address: ModelAddress): ChatClient & ResponsesClient {
  const create =
    (path: string) =>
    (body: ModelRequest, { signal }: { signal?: AbortSignal } = {}): Promise<unknown> =>
      send(address, path, body, signal);
  return {
    chat: { completions: { create: create('/chat/completions') } },
    responses: { create: create('/responses') },
  };
}

/** A request, as the bridge writes it. */
interface ModelRequest {
  readonly stream?: boolean;
}

const attempts = 3;
const firstWaitMs = 500;
const longestWaitMs = 60_000;
const answerMs = 600_000;

async function send(
  { baseUrl, apiKey }: ModelAddress,
  path: string,
  body: ModelRequest,
  signal?: AbortSignal,
): Promise<unknown> {
  const url = new URL(baseUrl);
  url.pathname = url.pathname.replace(/\/*$/, path);
  const limit = AbortSignal.timeout(answerMs);
  const request = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify(body),
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  };
  const response = await fetchAgain(url, request);
  return body.stream === true ? readEvents(response) : response.json();
}

/** A model that is busy or out of order is asked again, when it says or after a while. */
async function fetchAgain(url: URL, request: RequestInit & { signal: AbortSignal }): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetchOnce(url, request);
    if (answer instanceof Response) return answer;
    if (!answer.retryable || attempt === attempts) throw answer;
    const waitMs = Math.min(answer.retryAfterMs ?? firstWaitMs * 2 ** (attempt - 1), longestWaitMs);
    await process.getBuiltinModule('node:timers/promises').setTimeout(waitMs, undefined, { signal: request.signal });
  }
}

async function fetchOnce(url: URL, request: RequestInit & { signal: AbortSignal }): Promise<Response | ModelHttpError> {
  try {
    const response = await fetch(url, request);
    return response.ok ? response : await modelHttpError(response);
  } catch (cause) {
    request.signal.throwIfAborted();
    return new ModelHttpError(`Cannot reach ${url.origin}: ${reasonOf(cause)}`, { retryable: true });
  }
}

/** `fetch` says only that it failed; why is in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message === '' && 'code' in cause ? String(cause.code) : cause.message;
}
