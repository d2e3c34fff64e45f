import type { JsonObject } from '@toolwire/client-core';
import { both } from './both.ts';
import { listAt, own } from './json.ts';

/** The keywords for the items of arrays that fit both schemas. */
export function intersectItems(one: JsonObject, other: JsonObject): JsonObject {
  const length = Math.max(listAt(one, 'prefixItems').length, listAt(other, 'prefixItems').length);
  const prefixItems = Array.from({ length }, (_value, index) => both(itemAt(one, index), itemAt(other, index)));
  return {
    ...(length > 0 && { prefixItems }),
    ...(('items' in one || 'items' in other) && { items: both(own(one, 'items'), own(other, 'items')) }),
  };
}

function itemAt(schema: JsonObject, index: number): unknown {
  return listAt(schema, 'prefixItems')[index] ?? own(schema, 'items');
}
