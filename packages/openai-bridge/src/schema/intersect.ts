import type { JsonObject } from '@toolwire/client-core';
import { intersectItems } from './intersect-items.ts';
import { intersectMembers } from './intersect-members.ts';
import { canonicalText, isObject, isVacuous, own, typesOf, type Schema } from './json.ts';
import { withNote, withText } from './notes.ts';
import { NotStrict, type Place } from './rewrite.ts';

/** What fits both of two flattened schemas; false when nothing can. What cannot be said in one goes to the description. */
export function intersect(one: Schema, other: Schema, place: Place): Schema {
  if (one === false || other === false) return false;
  if (one === true || isVacuous(one)) return isObject(one) ? withDescription(other, one) : other;
  if (other === true || isVacuous(other)) return isObject(other) ? withDescription(one, other) : one;
  const types = commonTypes(typesOf(one), typesOf(other));
  if (types?.length === 0) return false;
  let merged: JsonObject = withDescription({ ...other, ...one }, other);
  for (const keyword of Object.keys(other)) {
    const merge = keyword in one ? mergers.get(keyword) : undefined;
    if (merge === undefined) continue;
    const value = merge(one[keyword], other[keyword]);
    if (value === false) return false;
    if (value !== undefined) merged[keyword] = value;
    else {
      const what = `There are two of ${keyword}; one is in the description and checked before the call.`;
      place.lose('unenforced', keyword, what);
      merged = withNote(merged, { [keyword]: other[keyword] });
    }
  }
  if (types !== undefined) merged['type'] = types.length === 1 ? types[0] : types;
  return { ...merged, ...intersectMembers(one, other), ...intersectItems(one, other) };
}

type Merge = (one: unknown, other: unknown) => unknown;

const larger: Merge = (one, other) => Math.max(Number(one), Number(other));
const smaller: Merge = (one, other) => Math.min(Number(one), Number(other));
const theSame: Merge = (one, other) => (one === other ? one : undefined);

/** How two values of a keyword become one; undefined when they cannot, false when nothing fits both. */
const mergers = new Map<string, Merge>([
  ...['exclusiveMinimum', 'minItems', 'minimum'].map((keyword) => [keyword, larger] as const),
  ...['exclusiveMaximum', 'maxItems', 'maximum'].map((keyword) => [keyword, smaller] as const),
  ['pattern', theSame],
  ['format', theSame],
  ['multipleOf', (one, other) => [one, other].find((unit) => isMultiple(unit, one) && isMultiple(unit, other))],
  ['enum', (one, other) => inBoth(one as unknown[], other as unknown[])],
  ['required', (one, other) => [...new Set([...(one as string[]), ...(other as string[])])]],
  ['declaredElsewhere', (one, other) => ({ ...(one as JsonObject), ...(other as JsonObject) })],
  ['anyOf', (one, other) => everyPair(one as Schema[], other as Schema[])],
]);

function commonTypes(one: readonly string[], other: readonly string[]): readonly string[] | undefined {
  if (one.length === 0 || other.length === 0) return one.length + other.length === 0 ? undefined : [...one, ...other];
  return [...new Set([...one, ...other])].filter((type) => allows(one, type) && allows(other, type));
}

function allows(types: readonly string[], type: string): boolean {
  return types.includes(type) || (type === 'integer' && types.includes('number'));
}

function withDescription(schema: Schema, texts: JsonObject): JsonObject {
  const described = schema === true ? {} : (schema as JsonObject);
  const description = own(texts, 'description');
  return typeof description === 'string' ? withText(described, description) : described;
}

function isMultiple(value: unknown, unit: unknown): boolean {
  return Number.isInteger(Number(value) / Number(unit));
}

function inBoth(one: readonly unknown[], other: readonly unknown[]): unknown[] | false {
  const texts = new Set(other.map(canonicalText));
  const values = one.filter((value) => texts.has(canonicalText(value)));
  return values.length > 0 && values;
}

const maxPairs = 64;

function everyPair(one: readonly Schema[], other: readonly Schema[]): Schema[] {
  if (one.length * other.length > maxPairs) throw new NotStrict('its alternatives combine in too many ways');
  return one.flatMap((first) => other.map((second) => ({ allOf: [first, second] })));
}
