import { MessageTooLargeError } from '@toolwire/client-core';

const mostRedirects = 5;
const largestAnswer = 64 * 1024 * 1024;
const largestProbe = 64 * 1024;

/** Sends a request; redirects are followed within the origin only, so that a credential goes nowhere else. */
export async function fetchWithin(send: typeof fetch, url: URL, init: RequestInit): Promise<Response> {
  let target = url;
  for (let redirects = 0; ; redirects++) {
    const response = await send(target, { ...init, redirect: 'manual' });
    const location = response.headers.get('location');
    const keepsMethod = response.status === 307 || response.status === 308 || init.method === 'GET';
    const isRedirect = response.status >= 300 && response.status < 400 && location !== null && keepsMethod;
    if (!isRedirect || redirects === mostRedirects || !URL.canParse(location, target)) return response;
    const next = new URL(location, target);
    if (next.origin !== url.origin) return response;
    await response.body?.cancel();
    target = next;
  }
}

/** The body as text. Of a stream of events, which has no end, nothing; of a probe its start. */
export async function readText(response: Response, isProbe: boolean): Promise<string> {
  const { body, headers } = response;
  if (body === null) return '';
  if (headers.get('content-type')?.startsWith('text/event-stream') === true) {
    await body.cancel();
    return '';
  }
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    if (text.length <= (isProbe ? largestProbe : largestAnswer)) continue;
    await reader.cancel();
    if (isProbe) return text;
    throw new MessageTooLargeError(`The gateway's answer is larger than ${largestAnswer} characters`);
  }
  return text + decoder.decode();
}
