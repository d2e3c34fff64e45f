import { countCharacters, cut, isSame, listValues, showValue, typeOf } from './values.ts';
import { fault, forLimit, forStrings, type Fault, type Keyword } from './walk.ts';

/** Keywords about one value: its type, what it equals, how large or long it is. */
export const scalarKeywords: Readonly<Record<string, Keyword>> = {
  type(expectation, value, walk) {
    const types = Array.isArray(expectation) ? (expectation as unknown[]) : [expectation];
    const names = types.filter((type) => typeof type === 'string' && articles.has(type)) as string[];
    if (names.length < types.length || names.length === 0) {
      walk.skip();
      return undefined;
    }
    const actual = typeOf(value);
    if (names.includes(actual) || (actual === 'integer' && names.includes('number'))) return undefined;
    return fault(names.join(' or '), `must be ${names.map(withArticle).join(' or ')}, not ${withArticle(actual)}`);
  },
  enum(expectation, value, walk) {
    const fits = (each: unknown): boolean => (walk.tick(), isSame(each, value));
    if (!Array.isArray(expectation) || expectation.some(fits)) return undefined;
    return fault(`one of: ${listValues(expectation)}`);
  },
  const(expectation, value) {
    return isSame(expectation, value) ? undefined : fault(showValue(expectation));
  },
  minimum(expectation, value, _walk, schema) {
    if (typeof value !== 'number' || typeof expectation !== 'number') return undefined;
    if (schema['exclusiveMinimum'] === true) return value > expectation ? undefined : fault(`more than ${expectation}`);
    return value >= expectation ? undefined : fault(`at least ${expectation}`);
  },
  maximum(expectation, value, _walk, schema) {
    if (typeof value !== 'number' || typeof expectation !== 'number') return undefined;
    if (schema['exclusiveMaximum'] === true) return value < expectation ? undefined : fault(`less than ${expectation}`);
    return value <= expectation ? undefined : fault(`at most ${expectation}`);
  },
  exclusiveMinimum: forNumbers((limit, value) => (value > limit ? undefined : fault(`more than ${limit}`))),
  exclusiveMaximum: forNumbers((limit, value) => (value < limit ? undefined : fault(`less than ${limit}`))),
  multipleOf: forNumbers((unit, value) => {
    const quotient = value / unit;
    // 0.07 / 0.01 is 7.000000000000001.
    const isMultiple = Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
    return isMultiple || unit <= 0 ? undefined : fault(`a multiple of ${unit}`);
  }),
  minLength: forStrings(
    forLimit((limit, text) => (countCharacters(text) >= limit ? undefined : characters(`at least ${limit}`, limit))),
  ),
  maxLength: forStrings(
    forLimit((limit, text) => (countCharacters(text) <= limit ? undefined : characters(`at most ${limit}`, limit))),
  ),
  pattern: forStrings((expectation, text, walk) => {
    const matches = typeof expectation === 'string' ? walk.matches(expectation, text) : undefined;
    if (matches === undefined) walk.skip();
    return matches === false
      ? fault(`text that matches ${cut(String(expectation))}`, `must match ${cut(String(expectation))}`)
      : undefined;
  }),
};

const articles = new Map([
  ['array', 'an'],
  ['boolean', 'a'],
  ['integer', 'an'],
  ['null', ''],
  ['number', 'a'],
  ['object', 'an'],
  ['string', 'a'],
]);

function withArticle(type: string): string {
  return `${articles.get(type) ?? ''} ${type}`.trimStart();
}

function forNumbers(check: (limit: number, value: number) => Fault | undefined): Keyword {
  return (expectation, value) =>
    typeof expectation === 'number' && typeof value === 'number' ? check(expectation, value) : undefined;
}

function characters(count: string, limit: number): Fault {
  const expected = `${count} ${limit === 1 ? 'character' : 'characters'}`;
  return fault(expected, `must have ${expected}`);
}
