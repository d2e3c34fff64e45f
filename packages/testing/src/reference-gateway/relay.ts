import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';

/** Headers that belong to one connection, or to the client's relation with the gateway. */
const ownHeaders = ['host', 'connection', 'authorization', 'x-api-key', 'transfer-encoding', 'content-length'];

/** Passes an HTTP request on to `url` as it is, but for its credential, and the answer back; calls `onDown` when there is none. */
export function relay(
  incoming: IncomingMessage,
  response: ServerResponse,
  { url, headers, onDown }: { url: string; headers: Record<string, string>; onDown: () => void },
): void {
  const passed = Object.entries(incoming.headers).filter(([name]) => !ownHeaders.includes(name));
  const outgoing = request(url, {
    method: incoming.method ?? 'GET',
    headers: { ...Object.fromEntries(passed), ...headers },
  });
  outgoing.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
    pipeline(answer, response, () => {}); // Either end may leave at any time.
  });
  outgoing.once('error', () => (response.headersSent ? response.destroy() : onDown()));
  response.once('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}
