import { canonicalText } from './values.ts';
import { fault, forArrays, forLimit, inside, own, type Fault, type Keyword, type SchemaWalk } from './walk.ts';

/** Keywords about arrays and their items. */
export const arrayKeywords: Readonly<Record<string, Keyword>> = {
  prefixItems: forArrays((expectation, items, walk) =>
    Array.isArray(expectation) ? checkPositions(expectation, items, walk) : undefined,
  ),
  items: forArrays((expectation, items, walk, schema) => {
    if (Array.isArray(expectation)) {
      const found = checkPositions(expectation, items, walk);
      return found ?? checkRest(own(schema, 'additionalItems'), items, expectation.length, walk);
    }
    const prefix = own(schema, 'prefixItems');
    return checkRest(expectation, items, Array.isArray(prefix) ? prefix.length : 0, walk);
  }),
  contains: forArrays((expectation, items, walk, schema) => {
    const minimum = limitOf(schema, 'minContains', 1);
    const maximum = limitOf(schema, 'maxContains', Infinity);
    const possible = items.filter((item) => walk.check(expectation, item) === undefined).length;
    if (possible < minimum) return fitting(`at least ${minimum}`, minimum);
    if (possible <= maximum) return undefined;
    const certain = items.filter((item) => walk.certainlyFits(expectation, item)).length;
    return certain <= maximum ? undefined : fitting(`at most ${maximum}`, maximum);
  }),
  minItems: forArrays(
    forLimit((limit, items) => (items.length >= limit ? undefined : size(`at least ${limit} ${plural(limit)}`))),
  ),
  maxItems: forArrays(
    forLimit((limit, items) => (items.length <= limit ? undefined : size(`at most ${limit} ${plural(limit)}`))),
  ),
  uniqueItems: forArrays((expectation, items, walk) => {
    if (expectation !== true) return undefined;
    const seen = new Set<string>();
    for (const [index, item] of items.entries()) {
      walk.tick();
      const text = canonicalText(item);
      if (text !== undefined && seen.has(text))
        return inside(index, fault('no repeated items', 'repeats an earlier item'));
      if (text !== undefined) seen.add(text);
    }
    return undefined;
  }),
};

function checkPositions(schemas: readonly unknown[], items: readonly unknown[], walk: SchemaWalk): Fault | undefined {
  for (const [index, item] of items.slice(0, schemas.length).entries()) {
    const found = walk.check(schemas[index], item);
    if (found !== undefined) return inside(index, found);
  }
  return undefined;
}

function checkRest(schema: unknown, items: readonly unknown[], start: number, walk: SchemaWalk): Fault | undefined {
  for (let index = start; index < items.length; index += 1) {
    const found = walk.check(schema, items[index]);
    if (found !== undefined) return inside(index, found);
  }
  return undefined;
}

function limitOf(schema: Readonly<Record<string, unknown>>, name: string, otherwise: number): number {
  const limit = schema[name];
  return typeof limit === 'number' ? limit : otherwise;
}

function fitting(limit: string, number: number): Fault {
  const expected = `${limit} fitting ${plural(number)}`;
  return fault(expected, `must hold ${expected}`);
}

function size(expected: string): Fault {
  return fault(expected, `must have ${expected}`);
}

function plural(number: number): string {
  return number === 1 ? 'item' : 'items';
}
