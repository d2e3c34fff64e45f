/** One page of `items` under the name `key`, with the cursor of the next page when there is one. */
export function page(key, items, cursor, pageSize) {
  const start = cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64url').toString().slice('from:'.length));
  const end = start + pageSize;
  const nextCursor = end < items.length ? Buffer.from(`from:${end}`).toString('base64url') : undefined;
  return { [key]: items.slice(start, end), ...(nextCursor !== undefined && { nextCursor }) };
}
