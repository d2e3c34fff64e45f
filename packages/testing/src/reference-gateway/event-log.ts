import type { ServerResponse } from 'node:http';
import type { JsonObject } from '@toolwire/client-core';

/** What happened at a gateway, as a stream of server-sent events with ids. */
export interface EventLog {
  add(event: string, data: JsonObject): void;
  /** Sends what came after the event `lastId`, and what comes; without an id only what comes. */
  follow(response: ServerResponse, lastId: string | undefined): void;
}

export function eventLog(): EventLog {
  const written: string[] = [];
  const readers = new Set<ServerResponse>();
  return {
    add(event, data) {
      const text = `id: ${written.length + 1}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      written.push(text);
      for (const reader of readers) reader.write(text);
    },
    follow(response, lastId) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.write(': open\n\n');
      if (lastId !== undefined) response.write(written.slice(Number(lastId)).join(''));
      readers.add(response);
      response.once('close', () => readers.delete(response));
    },
  };
}
