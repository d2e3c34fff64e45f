import { inspect } from 'node:util';
import type { Answer } from '../servers/raw-http-server.ts';

/** A secret that is easy to find: each place has one of its own, so that a leak says where it came from. */
export function canary(place: string): string {
  return `canary-${place}-7f3a9c`;
}

/** Every canary in what was said, whatever it was said in. */
export function canariesIn(...said: readonly unknown[]): string[] {
  const texts = said.map((each) => (typeof each === 'string' ? each : `${inspect(each, everything)} ${asJson(each)}`));
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/canary-[a-z]+-7f3a9c|Y2FuYXJ5L[\w+/=]*/g)].map(String))),
  ];
}

const everything = { depth: 20, maxStringLength: 100_000, maxArrayLength: 1000, getters: true };

function asJson(value: unknown): string {
  const seen = new Set<unknown>();
  return (
    JSON.stringify(value, (_key, part: unknown) => {
      if (typeof part !== 'object' || part === null) return typeof part === 'bigint' ? String(part) : part;
      if (seen.has(part)) return undefined;
      seen.add(part);
      return part;
    }) ?? ''
  );
}

/** Answers of a server that repeats all that it was sent, by what is wrong with them. */
export const echoes: Readonly<Record<string, (echo: string) => Answer>> = {
  'HTTP 401':
    (echo) =>
    ({ json }) =>
      json({ error: `invalid token: ${echo}` }, 401, {
        'www-authenticate': `Bearer error_description="${echo.replaceAll(/[^\w:/?=&@. -]/g, '')}"`,
      }),
  'HTTP 403':
    (echo) =>
    ({ json }) =>
      json({ error: echo }, 403),
  'HTTP 400':
    (echo) =>
    ({ json }) =>
      json({ error: echo }, 400),
  'HTTP 404 in plain text':
    (echo) =>
    ({ response }) =>
      void response.writeHead(404).end(echo),
  'HTTP 429':
    (echo) =>
    ({ json }) =>
      json({ error: echo }, 429, { 'retry-after': '0' }),
  'HTTP 500':
    (echo) =>
    ({ json }) =>
      json({ error: echo }, 500),
  'HTTP 500 with JSON-RPC':
    (echo) =>
    ({ json, message }) =>
      json({ jsonrpc: '2.0', id: message.id, error: { code: -32603, message: echo, data: { echo } } }, 500),
  'a JSON-RPC error':
    (echo) =>
    ({ json, message }) =>
      json({ jsonrpc: '2.0', id: message.id, error: { code: -32000, message: echo, data: [{ [echo]: echo }] } }),
  'a JSON-RPC error in an event':
    (echo) =>
    ({ events, message }) =>
      events({ jsonrpc: '2.0', id: message.id, error: { code: -32000, message: echo } }),
  'a redirect':
    (echo) =>
    ({ response }) =>
      void response
        .writeHead(307, { location: `http://127.0.0.2:1/?${encodeURI(echo.replaceAll(/[^\w:/?=&@. -]/g, ''))}` })
        .end(),
  'no JSON':
    (echo) =>
    ({ response }) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(`{${echo}`),
  'no JSON in an event':
    (echo) =>
    ({ response }) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: {${echo}\n\n`),
  'a web page':
    (echo) =>
    ({ response }) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${echo}</p>`),
  'a content type':
    (echo) =>
    ({ response }) =>
      void response.writeHead(200, { 'content-type': `text/x; a="${echo.replaceAll(/[^\w:/?=&@. -]/g, '')}"` }).end(),
  'a cut':
    () =>
    ({ request }) =>
      void request.socket.destroy(),
};

/** The headers and the address of a request, as a careless server repeats them. */
export function echoOf({ request }: Parameters<Answer>[0]): string {
  return `${Object.entries(request.headers)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')} ${request.url}`;
}
