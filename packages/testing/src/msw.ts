import { http, type HttpHandler } from 'msw';
import type { TestServer } from './server.ts';

/** Handlers for MSW that answer at `url` with `server`, so that the code under test runs as it is. */
export function mcpHandlers(url: string | URL, server: Pick<TestServer, 'fetch'>): HttpHandler[] {
  const { origin, pathname } = new URL(url);
  return [http.all(`${origin}${pathname}`, ({ request }) => server.fetch(request))];
}
