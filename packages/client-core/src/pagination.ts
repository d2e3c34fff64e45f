import { McpError } from './errors.ts';

/** Most pages that a list may have. */
const maxPages = 1000;

/** One page of a list: its items, and the cursor of the next page; an empty string is a cursor like any other. */
export interface Page<T> {
  items: T[];
  nextCursor: string | undefined;
}

/** Every item of every page; a cursor that comes twice, or more than 1,000 pages, is an error rather than an endless walk. */
export async function allPages<T>(
  method: string,
  fetchPage: (cursor: string | undefined) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await fetchPage(cursor);
    for (const item of page.items) items.push(item); // A page may be too long for a list of arguments.
    cursor = page.nextCursor;
    if (cursor !== undefined && (seen.has(cursor) || seen.size >= maxPages)) throw endless(method, seen.has(cursor));
    if (cursor !== undefined) seen.add(cursor);
  } while (cursor !== undefined);
  return items;
}

function endless(method: string, isRepeated: boolean): McpError {
  const what = isRepeated ? 'gives the same cursor twice' : `has more than ${maxPages} pages`;
  return new McpError('invalid-response', `${method} ${what}`, { delivered: 'yes' });
}
