import { expect, test } from 'vitest';
import { allPages, type Page } from './pagination.ts';

/** A list of numbered pages, each with the cursor of the next. */
function pages(cursors: readonly (string | undefined)[]): (cursor: string | undefined) => Promise<Page<string>> {
  let number = 0;
  return async (cursor) => ({ items: [`${number} by ${String(cursor)}`], nextCursor: cursors[number++] });
}

test('every page is fetched by the cursor of the one before', async () => {
  expect(await allPages('m', pages(['a', 'b', undefined]))).toEqual(['0 by undefined', '1 by a', '2 by b']);
});

test('an empty cursor is a cursor like any other', async () => {
  expect(await allPages('m', pages(['', undefined]))).toEqual(['0 by undefined', '1 by ']);
});

test.each([[['a', 'a']], [['', '']], [['a', 'b', 'a']]])('the cursors %j would never end', async (cursors) => {
  await expect(allPages('tools/list', pages(cursors))).rejects.toMatchObject({
    code: 'invalid-response',
    message: 'tools/list gives the same cursor twice',
  });
});

test('a list of more than 1,000 pages is given up', async () => {
  let fetched = 0;
  const endless = async (): Promise<Page<number>> => ({ items: [], nextCursor: String(fetched++) });
  await expect(allPages('tools/list', endless)).rejects.toThrow('tools/list has more than 1000 pages');
  expect(fetched).toBe(1001);
});

test('a page of any size fits', async () => {
  const items = Array.from({ length: 300_000 }, (_value, index) => index);
  expect(await allPages('m', async () => ({ items, nextCursor: undefined }))).toHaveLength(300_000);
});
