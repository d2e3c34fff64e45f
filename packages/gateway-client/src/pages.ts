import { McpError, type JsonObject } from '@toolwire/client-core';
import { isObject, listAt, objectAt, textAt } from './json.ts';
import type { GatewayAnswer } from './gateway-http.ts';

/** A part of a list, and where the next one begins. */
export interface Page {
  readonly items: readonly JsonObject[];
  readonly next: string | undefined;
}

const mostPages = 1000;

/** The items of every page; an answer that leads in a circle, or on without an end, is refused. */
export async function everyPage(read: (cursor: string | undefined) => Promise<Page>): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  const seen = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const page = await read(cursor);
    items.push(...page.items);
    if (page.next === undefined) return items;
    if (seen.has(page.next) || seen.size >= mostPages) {
      const problem = seen.has(page.next) ? 'comes back to a page that it gave before' : `has over ${mostPages} pages`;
      throw new McpError('invalid-response', `The gateway's list ${problem}`, { delivered: 'yes' });
    }
    seen.add(page.next);
    cursor = page.next;
  }
}

/** A page in any shape that gateways give it: a bare list, or an object with the list and a cursor; or a `Link` header. */
export function pageIn({ body, header, url }: GatewayAnswer, ...keys: string[]): Page {
  const items = Array.isArray(body) ? body.filter(isObject) : listAt(body, ...keys, 'data', 'items');
  if (items === undefined) {
    const text = `${url.origin}${url.pathname} answered without a list; is this the right dialect?`;
    throw new McpError('invalid-response', text, { delivered: 'yes' });
  }
  const places = [body, objectAt(body, 'metadata'), objectAt(body, 'pagination'), objectAt(body, 'meta')];
  const cursors = places.map((place) => textAt(place, 'nextCursor', 'next_cursor', 'cursor'));
  return { items, next: cursors.find((cursor) => cursor !== undefined) ?? linkedCursor(header('link'), url) };
}

/** The cursor in `<…?cursor=…>; rel="next"`. */
function linkedCursor(link: string | undefined, base: URL): string | undefined {
  const target = /<(?<target>[^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '')?.groups?.['target'];
  if (target === undefined || !URL.canParse(target, base)) return undefined;
  return new URL(target, base).searchParams.get('cursor') ?? undefined;
}
